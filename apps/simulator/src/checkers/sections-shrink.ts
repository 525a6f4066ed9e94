import type { Hash, ValidatorIndex } from '@heddle/types';
import type { Invariant } from './checker.ts';

/** Greatest number of halvings (global.md, "A slow section must not halt the network"). */
const MAX_HALVINGS = 6n;

/**
 * Leaders that follow one another without a block fill less and less of their sections, so that one that is too slow is not
 * made again by all of them. Who builds on one parent in n views does so after n different numbers of skipped ones: the j-th
 * greatest gas target among them is at most L/2^j.
 */
export const sectionsShrink: Invariant = {
  name: 'sections-shrink',
  create: (_view, fail) => {
    /** By parent: what each leader filled at the most. A leader's turns on one parent count once. */
    const targets = new Map<Hash, Map<ValidatorIndex, bigint>>();
    return {
      on: (event) => {
        if (event.kind !== 'sectionAsked') return;
        const { parentHash, machine, gasTarget, gasLimit } = event;
        const byLeader = targets.get(parentHash) ?? new Map<ValidatorIndex, bigint>();
        targets.set(parentHash, byLeader);
        const known = byLeader.get(machine) ?? 0n;
        byLeader.set(machine, known > gasTarget ? known : gasTarget);
        const descending = [...byLeader.values()].sort((a, b) => (a < b ? 1 : -1));
        for (const [place, target] of descending.entries()) {
          const halvings = BigInt(place) < MAX_HALVINGS ? BigInt(place) : MAX_HALVINGS;
          if (target > gasLimit >> halvings)
            fail(`${descending.length} leaders fill sections on ${parentHash} up to ${descending.join(', ')} gas`);
        }
      },
      finish: () => {},
    };
  },
};
