import { type DerivedRun, derivedAt, hashBlockHeader } from '@heddle/types';
import { LOOKS_INTO_RUN } from '../limits.ts';
import type { LiveMachine } from '../world/events.ts';
import type { Invariant } from './checker.ts';

/** Every block of a run is found by its number and by its hash, on every machine. */
export const derivedBlocksAreFound: Invariant = {
  name: 'derived-blocks-are-found',
  create: (view, fail) => {
    /** By the height of their first block. */
    const runs = new Map<bigint, DerivedRun>();
    const check = ({ index, chain: { store } }: LiveMachine, run: DerivedRun): void => {
      const { length } = run.hashes;
      const step = Math.max(1, Math.floor(length / LOOKS_INTO_RUN));
      for (const [place, hash] of run.hashes.entries()) {
        const number = run.first.number + BigInt(place);
        if (store.blockHashByNumber(number) !== hash) fail(`validator ${index} lacks derived block ${number} ${hash}`);
        if (place % step !== 0 && place !== length - 1) continue;
        const expected = derivedAt(run, place);
        const found = [store.blockByNumber(number), store.blockByHash(hash)];
        const isThere = found.every((block) => block !== null && hashBlockHeader(block.header) === expected?.hash);
        if (!isThere) fail(`validator ${index} finds another block than ${number} ${hash}`);
      }
    };
    return {
      on: (event) => {
        if (event.kind !== 'final' || event.block.derived === null) return;
        const { derived } = event.block;
        runs.set(derived.first.number, derived);
        const machine = view.live().find(({ index }) => index === event.machine);
        if (machine !== undefined) check(machine, derived);
      },
      finish: () => {
        for (const machine of view.live()) for (const run of runs.values()) check(machine, run);
      },
    };
  },
};
