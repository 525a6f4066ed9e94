import { type Hash, stateRootsOf } from '@heddle/types';
import type { Invariant } from './checker.ts';

/** Executing the same block gives the same state: roots as computed, not as the header names them. */
export const sameState: Invariant = {
  name: 'same-state',
  create: (view, fail) => {
    const roots = new Map<string, Hash>();
    return {
      on: (event) => {
        if (event.kind !== 'final') return;
        const { block, shards } = event.chain.tree.root;
        const listed = stateRootsOf(block);
        for (const [shard, { state }] of shards.entries()) {
          const place = `height ${event.block.height}, shard ${shard}`;
          const known = roots.get(place) ?? listed[shard];
          if (state.root !== known) fail(`${place}: validator ${event.machine} has ${state.root}, expected ${known}`);
          roots.set(place, state.root);
        }
      },
      finish: () => {
        // What is on disk answers like what was in memory: each account of each machine at the common height.
        const live = view.live();
        const [first] = live;
        for (const { index, chain } of live) {
          if (first === undefined || chain.tree.root.hash !== first.chain.tree.root.hash) continue;
          for (const [shard, { state }] of chain.tree.root.shards.entries()) {
            const reference = first.chain.tree.root.shards[shard]?.state;
            for (const address of view.genesis.holders) {
              const [ours, theirs] = [state.account(address), reference?.account(address) ?? null];
              if (ours?.balance !== theirs?.balance || ours?.nonce !== theirs?.nonce)
                fail(`validators ${first.index} and ${index} read ${address} of shard ${shard} differently`);
            }
          }
        }
      },
    };
  },
};
