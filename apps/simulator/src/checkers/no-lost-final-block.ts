import type { Hash, ValidatorIndex } from '@heddle/types';
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
    /** Had a power failure since they last came back; a process may end again before it has read its disk. */
    const powerless = new Set<ValidatorIndex>();
    return {
      on: (event) => {
        if (event.kind === 'ended' && event.how === 'powerFailure') powerless.add(event.machine);
        if (event.kind === 'final') {
          reported.set(event.block.height, event.block.hash);
          heights.set(event.machine, event.block.height);
        }
        if (event.kind !== 'started') return;
        const before = heights.get(event.machine) ?? 0n;
        const { height } = event.chain.tree.root;
        if (height < before && !powerless.has(event.machine))
          fail(`validator ${event.machine} comes back at height ${height}, block ${before} was final there`);
        heights.set(event.machine, height);
        powerless.delete(event.machine);
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
