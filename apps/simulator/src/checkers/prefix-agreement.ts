import type { ExecutedBlock } from '@heddle/node';
import { decidedParentOf, derivedAt, type Hash, type ValidatorIndex } from '@heddle/types';
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
        const { height, hash } = event.block;
        const head = heads.get(event.machine);
        if (head !== undefined && !follows(event.block, head))
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

/** Right on top of the head, or of the last one of the blocks that its run has between. */
function follows({ block, height, derived }: ExecutedBlock, head: Head): boolean {
  if (decidedParentOf(block) !== head.hash) return false;
  let below = head;
  for (let index = 0; derived !== null && index < derived.hashes.length; index++) {
    const between = derivedAt(derived, index);
    if (between === null || between.header.parentHash !== below.hash) return false;
    if (between.header.number !== below.height + 1n) return false;
    below = { height: between.header.number, hash: between.hash };
  }
  return height === below.height + 1n && block.header.parentHash === below.hash;
}
