import type { Invariant } from './checker.ts';
import { NamedSets } from './named-sets.ts';

/** Each final block names the set of its children: the registry's, as it stood half an epoch before their epoch began. */
export const setsAreNamed: Invariant = {
  name: 'sets-are-named',
  create: (view, fail) => {
    const sets = new NamedSets(view);
    const { epochLength } = view.genesis.genesis;
    return {
      on: (event) => {
        sets.on(event);
        if (event.kind !== 'final') return;
        const { height, block } = event.block;
        const epoch = height / epochLength;
        const expected = sets.ofEpoch(epoch)?.hash ?? null;
        const named = block.header.parentBeaconBlockRoot;
        if (named !== expected) fail(`block ${height} names ${named} for epoch ${epoch}, the registry ${expected}`);
      },
      finish: () => {},
    };
  },
};
