import { messageWeight } from '@heddle/sharding';
import type { Address, CallMessage, RecoveredTransaction, ShardId } from '@heddle/types';
import { InvalidTransactionError } from '../errors.ts';
import { admitTransaction } from '../transaction/admit.ts';
import { executeAdmitted } from '../transaction/execute.ts';
import { intrinsicGasOf } from '../transaction/intrinsic-gas.ts';
import { settleFees } from '../transaction/settle.ts';
import type { Admission } from '../transaction/types.ts';
import { maxMessageWeight } from './budgets.ts';
import { type Cause, type ChunkRun, causeOf, isLocal } from './chunk-run.ts';
import { coinbaseIsLocal } from './coinbase.ts';
import { chunkEnvironment } from './environment.ts';
import { finishScope, recordExecution } from './finish-execution.ts';
import { checkAllowance, checkGas, countCall } from './room.ts';
import { baseFeeOf } from './system-work.ts';

/**
 * Includes a transaction of this shard: executes it at once, or dispatches it to its target's shard.
 * Throws `InvalidTransactionError` before anything has changed.
 */
export function includeTransaction(run: ChunkRun, transaction: RecoveredTransaction): void {
  checkPlace(run, transaction);
  const { to } = transaction.fields;
  const residence = to === null ? null : run.rules.residence(run.world.unrecorded, to);
  if (to === null || residence === null || residence.kind === 'local') executeHere(run, transaction);
  else dispatch(run, transaction, to, residence.shard);
  run.included.push(transaction);
}

/** No blobs, home of the sender, and room in the chunk: what is taken plus what is declared fits in the gas limit. */
function checkPlace(run: ChunkRun, transaction: RecoveredTransaction): void {
  const { gasLimit } = run.context;
  const { sender, fields } = transaction;
  if (fields.type === 3) {
    throw new InvalidTransactionError('transaction type not supported: chunks carry no blobs (type 3, EIP-4844)', true);
  }
  const residence = run.rules.residence(run.world.unrecorded, sender);
  if (residence.kind !== 'local') {
    throw new InvalidTransactionError(`sender ${sender} resides on shard ${residence.shard}`, true);
  }
  if (fields.gasLimit > gasLimit) {
    throw new InvalidTransactionError(`exceeds block gas limit: tx gas ${fields.gasLimit}, limit ${gasLimit}`, true);
  }
  checkGas(run, transaction);
}

/** Checks and pays at the next access-list index; an invalid transaction does not use the index up. */
function admit(run: ChunkRun, transaction: RecoveredTransaction, baseFeePerGas: bigint): Admission {
  run.world.beginIndex(run.index + 1);
  const environment = chunkEnvironment(run.context, baseFeePerGas);
  const admission = admitTransaction(run.world, environment, transaction, (authority) => isLocal(run, authority));
  run.index += 1;
  return admission;
}

/** Target local, replicated, or a creation: plain Ethereum. */
function executeHere(run: ChunkRun, transaction: RecoveredTransaction): void {
  const { world, rules, context } = run;
  const baseFeePerGas = baseFeeOf(context, context.shard);
  const admission = admit(run, transaction, baseFeePerGas);
  const environment = chunkEnvironment(context, baseFeePerGas);
  const outcome = executeAdmitted(world, environment, rules, admission);
  const payCoinbase = run.creditsTips && coinbaseIsLocal(run);
  const fees = settleFees(world, environment, admission, outcome, payCoinbase);
  if (!payCoinbase) run.tips += fees.tip;
  run.burned += fees.burned;
  finishScope(run, outcome.created, causeOf(transaction.hash, transaction.hash, transaction.sender));
  const gasUsed = BigInt(outcome.gasUsed);
  run.gasTaken += gasUsed;
  const { effectiveGasPrice } = admission;
  recordExecution(run, { transaction, outcome, gasUsed, effectiveGasPrice, deliveredBy: null });
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
  const admission = admit(run, transaction, baseFeePerGas);
  world.subtractBalance(transaction.sender, value);
  const call = {
    ...draft,
    feeTerms: { baseFeePerGas, effectiveGasPrice: admission.effectiveGasPrice },
    calldataFloorGas: BigInt(admission.floorGas),
    sourceRefund: BigInt(admission.authorizationRefund),
  };
  run.emitted.push(call);
  countCall(run, call);
  finishScope(run, [], cause);
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
    sourceRefund: 0n,
  };
}

type DraftCall = Omit<CallMessage, 'source' | 'sourceHeight' | 'sequence'>;

/** A message weighs at most half of the chunk gas limit. */
function checkWeight(run: ChunkRun, call: DraftCall): void {
  const weight = messageWeight(call);
  const most = maxMessageWeight(run.context);
  if (weight > most) {
    throw new InvalidTransactionError(`cross-shard call too heavy: weight ${weight}, limit ${most}`, true);
  }
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
