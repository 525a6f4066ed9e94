import type { Hash } from '@heddle/types';
import type { Invariant } from './checker.ts';

/** At each height all machines finalize the same block, in all their lives. */
export const oneFinalizationPerHeight: Invariant = {
  name: 'one-finalization-per-height',
  create: (_view, fail) => {
    const hashes = new Map<bigint, Hash>();
    return {
      on: (event) => {
        if (event.kind !== 'final') return;
        const { height, hash } = event.block;
        const known = hashes.get(height) ?? hash;
        if (known !== hash) fail(`validator ${event.machine} has ${hash} at height ${height}, another one ${known}`);
        hashes.set(height, known);
      },
      finish: () => {},
    };
  },
};
