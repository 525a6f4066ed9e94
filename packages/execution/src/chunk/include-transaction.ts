import { CODE_REPLICAS, messageWeight } from '@heddle/sharding';
import type { Address, CallMessage, RecoveredTransaction, ShardId } from '@heddle/types';
import { InvalidTransactionError, RemoteTouchError } from '../errors.ts';
import { admitTransaction } from '../transaction/admit.ts';
import { executeAdmitted } from '../transaction/execute.ts';
import { intrinsicGasOf } from '../transaction/intrinsic-gas.ts';
import { settleFees } from '../transaction/settle.ts';
import type { Admission, BlockEnvironment, ExecutionOutcome } from '../transaction/types.ts';
import { maxMessageWeight } from './budgets.ts';
import { type Cause, type ChunkRun, causeOf } from './chunk-run.ts';
import { coinbaseIsLocal } from './coinbase.ts';
import { chunkEnvironment } from './environment.ts';
import { recordExecution } from './finish-execution.ts';
import { checkAllowance, checkGas, countCall } from './room.ts';
import { baseFeeOf } from './system-work.ts';

/**
 * Includes a transaction of this shard: executes it at once or, where the network dispatches, sends it to its target's
 * shard. Throws, with nothing changed, `InvalidTransactionError`, and `RemoteTouchError` when it touches an account of
 * another shard.
 */
export function includeTransaction(run: ChunkRun, transaction: RecoveredTransaction): void {
  checkPlace(run, transaction);
  const place = destinationOf(run, transaction);
  if (place === null) executeHere(run, transaction);
  else dispatch(run, transaction, place.target, place.shard);
  run.included.push(transaction);
}

/**
 * Where it is sent; null if it is executed here. Authorizations (type 4) may be of anybody: what brings them is not sent. A
 * call without value of what every shard has the code of touches no other.
 */
function destinationOf(
  { context, rules, world }: ChunkRun,
  { fields }: RecoveredTransaction,
): { readonly target: Address; readonly shard: ShardId } | null {
  const { type, to, value } = fields;
  if (!context.dispatch || type === 4 || to === null) return null;
  if (value === 0n && CODE_REPLICAS.has(to)) return null;
  const shard = rules.residence(world.unrecorded, to);
  return shard === context.shard ? null : { target: to, shard };
}

/**
 * No blobs, home of the sender, and room in the chunk: what is taken plus what is declared fits in the gas limit, which a
 * devnet's owner may raise.
 */
function checkPlace(run: ChunkRun, transaction: RecoveredTransaction): void {
  const { gasLimit } = run.context;
  const { sender, fields } = transaction;
  if (fields.type === 3) {
    throw new InvalidTransactionError('transaction type not supported: chunks carry no blobs (type 3, EIP-4844)', true);
  }
  const residence = run.rules.residence(run.world.unrecorded, sender);
  if (residence !== run.context.shard) {
    throw new InvalidTransactionError(`sender ${sender} resides on shard ${residence}`, true);
  }
  if (fields.gasLimit > gasLimit) {
    throw new InvalidTransactionError(`exceeds block gas limit: tx gas ${fields.gasLimit}, limit ${gasLimit}`, false);
  }
  checkGas(run, transaction);
}

/** Plain Ethereum under the local rule. */
function executeHere(run: ChunkRun, transaction: RecoveredTransaction): void {
  const { world, context } = run;
  const environment = chunkEnvironment(context, baseFeeOf(context, context.shard));
  const { admission, outcome } = attempt(run, transaction, environment);
  run.index += 1;
  const payCoinbase = run.creditsTips && coinbaseIsLocal(run);
  const fees = settleFees(world, environment, admission, outcome, payCoinbase);
  if (!payCoinbase) run.tips += fees.tip;
  run.burned += fees.burned + world.finishTransaction();
  const gasUsed = BigInt(outcome.gasUsed);
  run.gasTaken += gasUsed;
  const { effectiveGasPrice } = admission;
  recordExecution(run, { transaction, outcome, gasUsed, effectiveGasPrice, deliveredBy: null });
}

/** At the next access-list index, which a transaction that is refused does not use up: what it has seen is not listed. */
function attempt(
  run: ChunkRun,
  transaction: RecoveredTransaction,
  environment: BlockEnvironment,
): { readonly admission: Admission; readonly outcome: ExecutionOutcome } {
  const { world } = run;
  world.beginIndex(run.index + 1);
  world.guardBy(run.guard);
  try {
    const admission = admitTransaction(world, environment, transaction);
    return { admission, outcome: executeAdmitted(world, environment, admission) };
  } catch (error) {
    if (error instanceof RemoteTouchError) world.abandonIndex();
    throw error;
  } finally {
    world.guardBy(null);
  }
}

/**
 * Target elsewhere: paid for here (at the higher of both base fees), executed there. All that it declares is taken from
 * this chunk's limit, which bounds what a chunk can send and makes it dear.
 */
function dispatch(run: ChunkRun, transaction: RecoveredTransaction, target: Address, shard: ShardId): void {
  const { context, world } = run;
  const { gasLimit, value } = transaction.fields;
  const baseFeePerGas = max(baseFeeOf(context, context.shard), baseFeeOf(context, shard));
  const cause = causeOf(transaction.hash, transaction.hash, transaction.sender);
  const draft = draftCall(cause, transaction, target, shard);
  checkWeight(run, draft);
  checkAllowance(run, draft);
  world.beginIndex(run.index + 1);
  const admission = admitTransaction(world, chunkEnvironment(context, baseFeePerGas), transaction);
  run.index += 1;
  world.subtractBalance(transaction.sender, value);
  const call = {
    ...draft,
    feeTerms: { baseFeePerGas, effectiveGasPrice: admission.effectiveGasPrice },
    calldataFloorGas: BigInt(admission.floorGas),
  };
  run.emitted.push(call);
  countCall(run, call);
  run.burned += world.finishTransaction();
  run.dispatched.push(transaction);
  run.gasTaken += gasLimit;
}

/** A Call without what only admission knows of it: all that its weight hangs on. */
function draftCall(cause: Cause, transaction: RecoveredTransaction, target: Address, shard: ShardId): DraftCall {
  const { fields, hash, sender } = transaction;
  const sourceGasUsed = intrinsicGasOf(fields);
  return {
    kind: 'call',
    id: cause.nextId(),
    destination: shard,
    originTx: hash,
    sender,
    target,
    value: fields.value,
    transaction,
    feeTerms: { baseFeePerGas: 0n, effectiveGasPrice: 0n },
    sourceGasUsed: BigInt(sourceGasUsed),
    calldataFloorGas: 0n,
  };
}

type DraftCall = Omit<CallMessage, 'source' | 'sourceHeight' | 'sequence'>;

/** A message weighs at most half of the chunk gas limit, which a devnet's owner may raise. */
function checkWeight(run: ChunkRun, call: DraftCall): void {
  const weight = messageWeight(call);
  const most = maxMessageWeight(run.context);
  if (weight > most) {
    throw new InvalidTransactionError(`cross-shard call too heavy: weight ${weight}, limit ${most}`, false);
  }
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
