import type { Hash, ValidatorIndex } from '@heddle/types';
import type { EndOfLife } from '../world/events.ts';
import type { Invariant } from './checker.ts';

/**
 * A killed process finds its final blocks again. After a power failure the newest may be gone from the disk, since a
 * finalization can be fetched again; at the end every machine has all that was ever final anywhere.
 */
export const noLostFinalBlock: Invariant = {
  name: 'no-lost-final-block',
  create: (view, fail) => {
    const reported = new Map<bigint, Hash>();
    const heights = new Map<ValidatorIndex, bigint>();
    const ends = new Map<ValidatorIndex, EndOfLife>();
    return {
      on: (event) => {
        if (event.kind === 'ended') ends.set(event.machine, event.how);
        if (event.kind === 'final') {
          reported.set(event.block.height, event.block.hash);
          heights.set(event.machine, event.block.height);
        }
        if (event.kind !== 'started') return;
        const before = heights.get(event.machine) ?? 0n;
        const { height } = event.chain.tree.root;
        if (height < before && ends.get(event.machine) !== 'powerFailure')
          fail(`validator ${event.machine} comes back at height ${height}, block ${before} was final there`);
        heights.set(event.machine, height);
      },
      finish: () => {
        for (const { index, chain } of view.live()) {
          for (const [height, hash] of reported) {
            if (chain.store.blockHashByNumber(height) !== hash) fail(`validator ${index} lacks ${hash} at ${height}`);
          }
        }
      },
    };
  },
};
