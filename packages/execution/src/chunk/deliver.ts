import { ImpossibleStateError, unreachable } from '@heddle/primitives';
import type { CallMessage, Message, ShardId } from '@heddle/types';
import { executeDelivered } from '../transaction/execute.ts';
import type { ExecutionOutcome } from '../transaction/types.ts';
import { deliveryBudget } from './budgets.ts';
import { applyWrites, type Cause, type ChunkRun, causeOf, isLocal, nextIndex } from './chunk-run.ts';
import { payTip } from './coinbase.ts';
import { chunkEnvironment } from './environment.ts';
import { finishScope, recordExecution } from './finish-execution.ts';
import { UNUSED_GAS_BURN_DIVISOR } from './limits.ts';

/** Delivers the front of the queue, as much as the budget takes, each message at its own access-list index. */
export function deliverMessages(run: ChunkRun): void {
  for (const message of dueMessages(run)) deliverNext(run, message);
}

/** What the chunk must deliver, in order. They are next in their sequences: consensus agrees on the queue. */
export function dueMessages(run: ChunkRun): readonly Message[] {
  const { context, messageRules } = run;
  const cursors = [...messageRules.inboundCursors(run.world.unrecorded)];
  const due = messageRules.selectDeliveries(context.queue, deliveryBudget(context));
  for (const message of due) {
    if (message.destination !== context.shard || message.sequence !== cursors[message.source]) {
      throw new ImpossibleStateError(
        `message ${message.id} (${message.source} → ${message.destination}, sequence ${message.sequence}) is not next`,
      );
    }
    cursors[message.source] = message.sequence + 1n;
  }
  return due;
}

/** Delivers one of `dueMessages` at the next access-list index. */
export function deliverNext(run: ChunkRun, message: Message): void {
  nextIndex(run);
  applyWrites(run, [run.messageRules.cursorWrite(message)]);
  deliver(run, message);
  run.delivered.push(message);
}

function deliver(run: ChunkRun, message: Message): void {
  const residence = run.rules.residence(run.world.unrecorded, message.target);
  if (residence.kind !== 'local') {
    forward(run, message, residence.shard);
    return;
  }
  switch (message.kind) {
    case 'transfer':
    case 'credit':
      run.world.addBalance(message.target, message.value);
      run.world.finishTransaction();
      return;
    case 'call':
      deliverCall(run, message);
      return;
    default:
      unreachable(message, 'message kind');
  }
}

/** The target lives elsewhere: it came to life there, and its placement was on the way. The id stays. */
function forward(run: ChunkRun, message: Message, destination: ShardId): void {
  const { source: _source, sourceHeight: _height, sequence: _sequence, ...rest } = message;
  run.emitted.push({ ...rest, destination });
  run.world.finishTransaction();
}

/** Executes a transaction that was admitted on another shard and settles its fees, all of them here. */
function deliverCall(run: ChunkRun, message: CallMessage): void {
  const { transaction, feeTerms } = message;
  const cause = causeOf(run, message.id, message.originTx, message.sender);
  const outcome = executeDelivered(
    run.world,
    chunkEnvironment(run.context, feeTerms.baseFeePerGas),
    run.rules,
    {
      transaction,
      effectiveGasPrice: feeTerms.effectiveGasPrice,
      sourceGasUsed: Number(message.sourceGasUsed),
      floorGas: Number(message.calldataFloorGas),
      sourceRefund: Number(message.sourceRefund),
    },
    (authority) => isLocal(run, authority),
  );
  const gasUsed = settleCall(run, message, outcome, cause);
  const gasHere = gasUsed - message.sourceGasUsed;
  run.gasUsed += gasHere;
  run.gasTaken += gasHere;
  recordExecution(run, {
    transaction,
    outcome,
    gasUsed,
    effectiveGasPrice: feeTerms.effectiveGasPrice,
    deliveredBy: message.id,
  });
}

/**
 * Splits the prepaid gas: base fee burned, tip to this chunk's coinbase, 1/16 of the unused burned, the rest (and the
 * value of a failed call) back to the sender. The 1/16 counts as gas used, so that what the sender pays is
 * gasUsed · price, but earns no tip. Returns the receipt's gas.
 */
function settleCall(run: ChunkRun, message: CallMessage, outcome: ExecutionOutcome, cause: Cause): bigint {
  const { baseFeePerGas, effectiveGasPrice } = message.feeTerms;
  const { gasLimit } = message.transaction.fields;
  const executed = BigInt(outcome.gasUsed);
  const reserved = (gasLimit - executed) / UNUSED_GAS_BURN_DIVISOR;
  const gasUsed = executed + reserved;
  run.burned += executed * baseFeePerGas + reserved * effectiveGasPrice;
  payTip(run, executed * (effectiveGasPrice - baseFeePerGas));
  const returned = (gasLimit - gasUsed) * effectiveGasPrice + (outcome.status === 0 ? message.value : 0n);
  const residence = run.rules.residence(run.world.unrecorded, message.sender);
  if (residence.kind === 'local') run.world.addBalance(message.sender, returned);
  finishScope(run, outcome.created, cause);
  if (residence.kind !== 'local' && returned > 0n) {
    run.emitted.push({
      kind: 'credit',
      id: cause.nextId(),
      destination: residence.shard,
      originTx: message.originTx,
      sender: message.target,
      target: message.sender,
      value: returned,
    });
  }
  return gasUsed;
}
