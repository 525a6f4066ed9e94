import { messageWeight } from '@heddle/sharding';
import { type Message, mergeBlooms } from '@heddle/types';
import { applyWrites, type ChunkRun, nextIndex } from './chunk-run.ts';
import type { ChunkOutcome, RejectedTransaction } from './types.ts';

/** Settlement, then everything that the run has come to. */
export function settleChunk(
  run: ChunkRun,
  coveredHeight: bigint,
  rejected: readonly RejectedTransaction[],
): ChunkOutcome {
  const outbox = settleAccounts(run);
  const { world } = run;
  return describeChunk(run, {
    outbox,
    coveredHeight,
    rejected,
    changes: world.changes(),
    accessList: world.accessList(),
  });
}

/** At the last access-list index: sequences for all that was emitted, which is the outbox. */
export function settleAccounts(run: ChunkRun): readonly Message[] {
  const { context, rules, world } = run;
  nextIndex(run);
  const { outbox, writes } = rules.sequence(world.unrecorded, run.emitted, context.height);
  applyWrites(run, writes);
  return outbox;
}

/** What a settled run does not know by itself. */
export type ChunkEnd = Pick<ChunkOutcome, 'outbox' | 'coveredHeight' | 'rejected' | 'changes' | 'accessList'>;

/** A settled run as its outcome. */
export function describeChunk(run: ChunkRun, end: ChunkEnd): ChunkOutcome {
  return {
    included: run.included,
    rejected: end.rejected,
    executed: run.executed,
    dispatched: run.dispatched,
    delivered: run.delivered,
    outbox: end.outbox,
    changes: end.changes,
    accessList: end.accessList,
    gasUsed: run.gasTaken,
    logsBloom: mergeBlooms(run.executed.map(({ receipt }) => receipt.logsBloom)),
    inboundCursors: run.rules.inboundCursors(run.world.unrecorded),
    queuedWeight: queuedWeight(run),
    coveredHeight: end.coveredHeight,
    tips: run.tips,
    burned: run.burned,
  };
}

/** Weight of what still waits, by the queue at the parent. Deliveries are its front. */
function queuedWeight(run: ChunkRun): bigint {
  const waiting = run.context.queue.slice(run.delivered.length);
  return waiting.reduce((sum, message) => sum + messageWeight(message), 0n);
}
