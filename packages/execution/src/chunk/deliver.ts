import { ImpossibleStateError, unreachable } from '@heddle/primitives';
import { cursorWrite, deliveredWeight, messageWeight } from '@heddle/sharding';
import type { CallMessage, Message } from '@heddle/types';
import { executeDelivered } from '../transaction/execute.ts';
import type { ExecutionOutcome } from '../transaction/types.ts';
import { deliveryBudget } from './budgets.ts';
import { applyWrites, type ChunkRun, type ChunkTask, causeOf, nextIndex } from './chunk-run.ts';
import { payTip } from './coinbase.ts';
import { chunkEnvironment } from './environment.ts';
import { recordExecution } from './finish-execution.ts';
import { UNUSED_GAS_BURN_DIVISOR } from './limits.ts';

/** Delivers the front of the queue, as much as the budget takes, each message at its own access-list index. */
export function deliverMessages(run: ChunkRun): void {
  const check = sequenceCheck(run);
  for (const message of run.context.queue) {
    if (!isDue(run, message, run.delivered.length, run.gasTaken)) return;
    check(message);
    deliverNext(run, message);
  }
}

/**
 * Whether `message` must be delivered in this chunk after `delivered` others, which took `taken` of the budget: always
 * the first, and any whose whole weight still fits.
 */
export function isDue({ context }: ChunkTask, message: Message, delivered: number, taken: bigint): boolean {
  return delivered === 0 || taken + messageWeight(message) <= deliveryBudget(context);
}

/** Takes messages in order; one that is not next in its sequence is impossible: consensus agrees on the queue. */
export function sequenceCheck(run: ChunkRun): (message: Message) => void {
  const { context, rules, world } = run;
  const cursors = [...rules.inboundCursors(world.unrecorded)];
  return (message) => {
    if (message.destination !== context.shard || message.sequence !== cursors[message.source]) {
      throw new ImpossibleStateError(
        `message ${message.id} (${message.source} → ${message.destination}, sequence ${message.sequence}) is not next`,
      );
    }
    cursors[message.source] = message.sequence + 1n;
  };
}

/** Delivers a message that is due at the next access-list index. It takes what it really used, not what it declares. */
export function deliverNext(run: ChunkRun, message: Message): void {
  nextIndex(run);
  applyWrites(run, [cursorWrite(message)]);
  const gasUsed = deliver(run, message);
  run.gasTaken += deliveredWeight(message, gasUsed);
  run.delivered.push(message);
}

/** Returns the gas that executing it used here, refunds not counted. */
function deliver(run: ChunkRun, message: Message): bigint {
  switch (message.kind) {
    case 'credit':
      run.world.addBalance(message.target, message.value);
      run.world.finishTransaction();
      return 0n;
    case 'call':
      return deliverCall(run, message);
    default:
      return unreachable(message, 'message kind');
  }
}

/**
 * Executes a transaction that was admitted on another shard and settles its fees, all of them here. One that reaches for a
 * third shard, its target among them, fails as a whole: nothing half-succeeds, and nothing goes where nobody can fetch it.
 */
function deliverCall(run: ChunkRun, message: CallMessage): bigint {
  const { transaction, feeTerms } = message;
  run.world.guardBy(run.guard);
  const outcome = executeDelivered(run.world, chunkEnvironment(run.context, feeTerms.baseFeePerGas), {
    transaction,
    effectiveGasPrice: feeTerms.effectiveGasPrice,
    sourceGasUsed: Number(message.sourceGasUsed),
    floorGas: Number(message.calldataFloorGas),
  });
  run.world.guardBy(null);
  const gasUsed = settleCall(run, message, outcome);
  recordExecution(run, {
    transaction,
    outcome,
    gasUsed,
    effectiveGasPrice: feeTerms.effectiveGasPrice,
    deliveredBy: message.id,
  });
  // Not by the receipt's gas: a refund may exceed what was used here.
  return BigInt(outcome.gasSpent) - message.sourceGasUsed;
}

/**
 * Splits the prepaid gas: base fee burned, tip to this chunk's coinbase, part of the unused burned, the rest (and the
 * value of a failed call) back to the sender. What burns of the unused counts as gas used, so that what the sender pays
 * is gasUsed · price, but earns no tip. Returns the receipt's gas.
 */
function settleCall(run: ChunkRun, message: CallMessage, outcome: ExecutionOutcome): bigint {
  const { baseFeePerGas, effectiveGasPrice } = message.feeTerms;
  const { gasLimit } = message.transaction.fields;
  const executed = BigInt(outcome.gasUsed);
  const reserved = burnedReserve(message, outcome);
  const gasUsed = executed + reserved;
  run.burned += executed * baseFeePerGas + reserved * effectiveGasPrice;
  payTip(run, executed * (effectiveGasPrice - baseFeePerGas));
  const returned = (gasLimit - gasUsed) * effectiveGasPrice + (outcome.status === 0 ? message.value : 0n);
  const residence = run.rules.residence(run.world.unrecorded, message.sender);
  const isHere = residence === run.context.shard;
  if (isHere) run.world.addBalance(message.sender, returned);
  run.burned += run.world.finishTransaction();
  if (!isHere && returned > 0n) {
    run.emitted.push({
      kind: 'credit',
      id: causeOf(message.id, message.originTx, message.sender).nextId(),
      destination: residence,
      originTx: message.originTx,
      sender: message.target,
      target: message.sender,
      value: returned,
    });
  }
  return gasUsed;
}

/**
 * Gas that burns: 1/16 of what was forwarded and not used; a refund was used. None for a Call that forwards so little
 * that it weighs what every message does: it reserved nothing, and costs the same wherever its target lives.
 */
function burnedReserve(message: CallMessage, outcome: ExecutionOutcome): bigint {
  if (messageWeight(message) === deliveredWeight(message, 0n)) return 0n;
  const spent = BigInt(outcome.gasSpent);
  const charged = spent > message.calldataFloorGas ? spent : message.calldataFloorGas;
  return (message.transaction.fields.gasLimit - charged) / UNUSED_GAS_BURN_DIVISOR;
}
