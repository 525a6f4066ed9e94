import { mergeBlooms } from '@heddle/types';
import { applyWrites, type ChunkRun, nextIndex } from './chunk-run.ts';
import { sendTips } from './coinbase.ts';
import type { ChunkOutcome, RejectedTransaction } from './types.ts';

/** Settlement, at the last access-list index: tips on their way, sequences for all that was emitted. */
export function settleChunk(
  run: ChunkRun,
  coveredHeight: bigint,
  rejected: readonly RejectedTransaction[],
): ChunkOutcome {
  const { context, messageRules, world } = run;
  nextIndex(run);
  sendTips(run);
  const { outbox, writes } = messageRules.sequence(world.unrecorded, run.emitted, context.height);
  applyWrites(run, writes);
  return {
    included: run.included,
    rejected,
    executed: run.executed,
    dispatched: run.dispatched,
    delivered: run.delivered,
    outbox,
    placements: run.placements,
    changes: world.changes(),
    accessList: world.accessList(),
    gasUsed: run.gasUsed,
    logsBloom: mergeBlooms(run.executed.map(({ receipt }) => receipt.logsBloom)),
    inboundCursors: messageRules.inboundCursors(world.unrecorded),
    queuedWeight: queuedWeight(run),
    coveredHeight,
    burned: run.burned,
  };
}

/** Weight of what still waits, by the queue at the parent. Deliveries are its front. */
function queuedWeight(run: ChunkRun): bigint {
  const waiting = run.context.queue.slice(run.delivered.length);
  return waiting.reduce((sum, message) => sum + run.messageRules.weight(message), 0n);
}
