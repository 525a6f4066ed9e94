import { MAX_SECTION_BYTES, type RecoveredTransaction } from '@heddle/types';
import { describeExecution } from '../chunk/finish-execution.ts';
import { InvalidTransactionError } from '../errors.ts';
import { UNWATCHED, type Watch } from '../evm/watch.ts';
import { admitTransaction } from '../transaction/admit.ts';
import { executeAdmitted } from '../transaction/execute.ts';
import { settleFees } from '../transaction/settle.ts';
import type { Admission, ExecutionOutcome } from '../transaction/types.ts';
import type { SectionRun } from './section-run.ts';

/**
 * Executes the next transaction of the section, which is plain Ethereum on the union of all shards. Throws
 * `InvalidTransactionError` before anything has changed.
 */
export function includeInSection(
  run: SectionRun,
  transaction: RecoveredTransaction,
  watch: Watch = UNWATCHED,
): ExecutionOutcome {
  checkRoom(run, transaction);
  const { world, environment } = run;
  world.beginIndex(run.index + 1);
  const { admission, outcome, isLocal } = executeNoting(run, transaction, watch);
  run.burned += settleFees(world, environment, admission, outcome, true).burned + world.finishTransaction();
  run.index += 1;
  run.bytes += transaction.raw.length;
  const gasUsed = BigInt(outcome.gasUsed);
  run.cumulativeGas += gasUsed;
  const { effectiveGasPrice } = admission;
  const facts = { transaction, outcome, gasUsed, effectiveGasPrice, deliveredBy: null };
  run.executed.push({ ...describeExecution(facts, run.cumulativeGas), isLocal });
  return outcome;
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

/**
 * Executes it, and sees whether it touches only what resides on its sender's shard, as a chunk's local rule would: fees
 * aside, and what is replicated by code.
 */
function executeNoting(
  { world, environment }: SectionRun,
  transaction: RecoveredTransaction,
  watch: Watch,
): { readonly admission: Admission; readonly outcome: ExecutionOutcome; readonly isLocal: boolean } {
  const home = world.residence(transaction.sender);
  let isLocal = true;
  world.guardBy({
    check: ({ origin }) => {
      isLocal &&= origin === home;
    },
  });
  try {
    const admission = admitTransaction(world, environment, transaction);
    const outcome = executeAdmitted(world, environment, admission, watch);
    return { admission, outcome, isLocal };
  } finally {
    world.guardBy(null);
  }
}
