import { MAX_SECTION_BYTES, type RecoveredTransaction, type ShardId } from '@heddle/types';
import { describeExecution } from '../chunk/finish-execution.ts';
import { InvalidTransactionError } from '../errors.ts';
import { executeTransaction } from '../transaction/plain.ts';
import type { AccountEntry } from '../world/entries.ts';
import type { SectionRun } from './section-run.ts';

/**
 * Executes the next transaction of the section, which is plain Ethereum on the union of all shards. Throws
 * `InvalidTransactionError` before anything has changed.
 */
export function includeInSection(run: SectionRun, transaction: RecoveredTransaction): void {
  checkRoom(run, transaction);
  const { world, environment } = run;
  world.beginIndex(run.index + 1);
  const { admission, outcome, burned } = executeTransaction(world, environment, transaction);
  run.index += 1;
  run.burned += burned;
  run.bytes += transaction.raw.length;
  const gasUsed = BigInt(outcome.gasUsed);
  run.cumulativeGas += gasUsed;
  const { effectiveGasPrice } = admission;
  const facts = { transaction, outcome, gasUsed, effectiveGasPrice, deliveredBy: null };
  run.executed.push({ ...describeExecution(facts, run.cumulativeGas), isLocal: isLocal(run, transaction) });
}

/** What hangs on the section so far: as on Ethereum, gas used and gas declared must fit in the limit. */
function checkRoom(run: SectionRun, { fields, raw }: RecoveredTransaction): void {
  if (fields.type === 3) {
    refuse('transaction type not supported: sections carry no blobs (type 3, EIP-4844)', true);
  }
  if (!run.isOpen)
    refuse('no shard has a new chunk that covers this height, so the section has no transactions', false);
  const left = run.context.gasLimit - run.cumulativeGas;
  if (fields.gasLimit > left) refuse(`gas limit reached: tx gas ${fields.gasLimit}, left ${left}`, false);
  if (run.bytes + raw.length > MAX_SECTION_BYTES) {
    refuse(`the section is full: ${raw.length} bytes, left ${MAX_SECTION_BYTES - run.bytes}`, false);
  }
}

function refuse(reason: string, permanent: boolean): never {
  throw new InvalidTransactionError(reason, permanent);
}

/** Whether it stayed on its sender's shard, the fee recipient aside, and what is replicated by code. */
function isLocal({ world, context }: SectionRun, { sender }: RecoveredTransaction): boolean {
  const { shard } = world.account(sender);
  return world.touchedAccounts().every((account) => account.address === context.coinbase || staysOn(account, shard));
}

function staysOn({ isCodeReplica, origin, shard }: AccountEntry, home: ShardId): boolean {
  return isCodeReplica || (origin === home && shard === home);
}
