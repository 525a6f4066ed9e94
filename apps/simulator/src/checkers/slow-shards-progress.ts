import { isPatientHeight, proposalDeadlineMs } from '@heddle/consensus';
import { MAX_TRANSACTION_GAS } from '@heddle/types';
import { MOST_MISSED_HEIGHTS, REFERENCE_GAS_PER_MS, SPARE_PATIENT_HEIGHTS } from '../limits.ts';
import type { WorldView } from '../world/events.ts';
import type { Invariant } from './checker.ts';

/** Where executing takes time, no shard misses more heights in a row than the rule of its deadlines lets it. */
export const slowShardsProgress: Invariant = {
  name: 'slow-shards-progress',
  create: (view, fail) => ({
    on: (event) => {
      if (event.kind !== 'final' || view.slowdown === 0) return;
      const most = mostMissed(view);
      event.block.shards.forEach(({ missed }, shard) => {
        if (missed > most) fail(`shard ${shard} has missed ${missed} heights at block ${event.block.height}`);
      });
    },
    finish: () => {},
  }),
};

/**
 * The first patient height whose wait is long enough for one core to finish a useless chunk, build one and check those of
 * all shards, each holding two heavy transactions (a delivery and a local one); and some more.
 */
function mostMissed({ slowdown, genesis }: WorldView): number {
  const { chunkDeadlineMs, shardCount } = genesis.genesis;
  const chunkMs = (2 * Number(MAX_TRANSACTION_GAS) * slowdown) / REFERENCE_GAS_PER_MS;
  const neededMs = (2 + shardCount) * chunkMs;
  let spare = SPARE_PATIENT_HEIGHTS;
  for (let missed = 0; ; missed++) {
    // By then the chunk that is due holds system work only.
    if (missed > MOST_MISSED_HEIGHTS) return missed;
    if (!isPatientHeight(missed) || proposalDeadlineMs(chunkDeadlineMs, [0, missed]) < neededMs) continue;
    if (spare === 0) return missed;
    spare -= 1;
  }
}
