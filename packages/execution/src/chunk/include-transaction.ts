import type { Address, CallMessage, RecoveredTransaction, ShardId } from '@heddle/types';
import { InvalidTransactionError } from '../errors.ts';
import { accessListOf, admitTransaction, authorizationsOf } from '../transaction/admit.ts';
import { executeAdmitted } from '../transaction/execute.ts';
import { intrinsicGas } from '../transaction/intrinsic-gas.ts';
import { settleFees } from '../transaction/settle.ts';
import type { Admission } from '../transaction/types.ts';
import { maxMessageWeight } from './budgets.ts';
import { type ChunkRun, causeOf, hasRoom, isLocal } from './chunk-run.ts';
import { coinbaseIsLocal } from './coinbase.ts';
import { chunkEnvironment } from './environment.ts';
import { finishScope, recordExecution } from './finish-execution.ts';
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
  if (!hasRoom(run, fields.gasLimit)) {
    const left = gasLimit - run.gasTaken;
    throw new InvalidTransactionError(`gas limit reached: tx gas ${fields.gasLimit}, left ${left}`, false);
  }
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
  finishScope(run, outcome.created, causeOf(run, transaction.hash, transaction.hash, transaction.sender));
  const gasUsed = BigInt(outcome.gasUsed);
  run.gasUsed += gasUsed;
  run.gasTaken += gasUsed;
  const { effectiveGasPrice } = admission;
  recordExecution(run, { transaction, outcome, gasUsed, effectiveGasPrice, deliveredBy: null });
}

/**
 * Target elsewhere: paid for here (at the higher of both base fees), executed there. What it used here counts to this
 * chunk's gas; all that it declares is taken from this chunk's limit, which bounds what a chunk can send.
 */
function dispatch(run: ChunkRun, transaction: RecoveredTransaction, target: Address, shard: ShardId): void {
  const { context, world } = run;
  const { gasLimit, value } = transaction.fields;
  const baseFeePerGas = max(baseFeeOf(context, context.shard), baseFeeOf(context, shard));
  const cause = causeOf(run, transaction.hash, transaction.hash, transaction.sender);
  const call = {
    kind: 'call',
    id: cause.nextId(),
    destination: shard,
    originTx: transaction.hash,
    sender: transaction.sender,
    target,
    value,
    transaction,
  } as const;
  checkWeight(run, call);
  const admission = admit(run, transaction, baseFeePerGas);
  world.subtractBalance(transaction.sender, value);
  run.emitted.push({
    ...call,
    feeTerms: { baseFeePerGas, effectiveGasPrice: admission.effectiveGasPrice },
    sourceGasUsed: BigInt(admission.intrinsicGas),
    calldataFloorGas: BigInt(admission.floorGas),
    sourceRefund: BigInt(admission.authorizationRefund),
  });
  finishScope(run, [], cause);
  run.dispatched.push(transaction);
  run.gasUsed += BigInt(admission.intrinsicGas);
  run.gasTaken += gasLimit;
}

/** A message weighs at most half of the chunk gas limit. Judged before admission, with what admission will say. */
function checkWeight(run: ChunkRun, call: CallBeforeAdmission): void {
  const { context } = run;
  const { fields } = call.transaction;
  const sourceGasUsed = intrinsicGas({
    data: fields.data,
    isCreation: false,
    accessList: accessListOf(fields),
    authorizationCount: authorizationsOf(fields).length,
  });
  const weight = run.messageRules.weight({
    ...call,
    source: context.shard,
    sourceHeight: context.height,
    sequence: 0n,
    feeTerms: { baseFeePerGas: 0n, effectiveGasPrice: 0n },
    sourceGasUsed: BigInt(sourceGasUsed),
    calldataFloorGas: 0n,
    sourceRefund: 0n,
  });
  const most = maxMessageWeight(context);
  if (weight > most) {
    throw new InvalidTransactionError(`cross-shard call too heavy: weight ${weight}, limit ${most}`, true);
  }
}

/** A Call without what only admission knows of it, and without its place in the queue. */
type CallBeforeAdmission = Omit<
  CallMessage,
  'source' | 'sourceHeight' | 'sequence' | 'feeTerms' | 'sourceGasUsed' | 'calldataFloorGas' | 'sourceRefund'
>;

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
