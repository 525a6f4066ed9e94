import type { Hash, ValidatorIndex } from '@heddle/types';
import type { Invariant } from './checker.ts';

interface Head {
  readonly height: bigint;
  readonly hash: Hash;
}

/** Each machine's final blocks are one chain without gaps, and at the end all chains are prefixes of the longest. */
export const prefixAgreement: Invariant = {
  name: 'prefix-agreement',
  create: (view, fail) => {
    const heads = new Map<ValidatorIndex, Head>();
    return {
      on: (event) => {
        if (event.kind === 'started') {
          const { height, hash } = event.chain.tree.root;
          heads.set(event.machine, { height, hash });
        }
        if (event.kind !== 'final') return;
        const { height, hash, block } = event.block;
        const head = heads.get(event.machine);
        if (head !== undefined && (height !== head.height + 1n || block.header.parentHash !== head.hash))
          fail(`validator ${event.machine} finalizes ${hash} at ${height} on top of ${head.hash} at ${head.height}`);
        heads.set(event.machine, { height, hash });
      },
      finish: () => {
        const live = view.live();
        for (const { index, chain } of live) {
          const { height, hash } = chain.tree.root;
          for (const other of live) {
            const theirs = other.chain.store.blockHashByNumber(height) ?? hash;
            if (theirs !== hash) fail(`validators ${index} and ${other.index} differ at height ${height}`);
          }
        }
      },
    };
  },
};
