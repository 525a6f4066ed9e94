import { MISSED_IN_A_ROW, MISSED_PER_FAULTY } from '../limits.ts';
import type { Invariant } from './checker.ts';

/**
 * After GST a shard's chunks come whatever up to f validators do: it never misses more than a few heights in a row. Of one
 * shard a missing chunk is the empty one, and says nothing. A control block ends every row. Slow machines are `slow-shards-progress`'s.
 */
export const shardsGoOn: Invariant = {
  name: 'shards-go-on',
  create: (view, fail) => {
    const most = MISSED_IN_A_ROW + MISSED_PER_FAULTY * view.faultBound;
    let isHealed = false;
    let counted = 0n;
    /** Heights in a row since GST, by shard. */
    const missed = new Map<number, number>();
    return {
      on: (event) => {
        if (event.kind === 'healed') isHealed = true;
        if (event.kind !== 'final' || event.block.height <= counted) return;
        counted = event.block.height;
        const { section, shards } = event.block;
        // Nobody was asked for a chunk of a control block.
        if (section !== null && section.control !== null && shards.some(({ missed: inARow }) => inARow !== 0))
          fail(`control block ${counted} counts as one that shards have missed`);
        if (!isHealed || view.plan.shards === 1 || view.slowdown > 0) return;
        for (const [shard, tip] of event.block.shards.entries()) {
          const inARow = tip.missed === 0 ? 0 : (missed.get(shard) ?? 0) + 1;
          missed.set(shard, inARow);
          if (inARow > most) fail(`shard ${shard} has missed the ${inARow} heights up to ${counted}`);
        }
      },
      finish: () => {},
    };
  },
};
