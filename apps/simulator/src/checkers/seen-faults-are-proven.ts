import type { ValidatorIndex } from '@heddle/types';
import { PROOF_DEADLINE_MS } from '../limits.ts';
import type { Invariant } from './checker.ts';

/** After GST, who shows an honest validator the whole proof of a fault is accused of it by some honest one. */
export const seenFaultsAreProven: Invariant = {
  name: 'seen-faults-are-proven',
  create: (view, fail) => {
    let isHealed = false;
    const accused = new Set<ValidatorIndex>();
    const seen = new Map<ValidatorIndex, { readonly by: ValidatorIndex; readonly atMs: number; readonly as: string }>();
    return {
      on: (event) => {
        if (event.kind === 'healed') isHealed = true;
        if (event.kind === 'accused') for (const culprit of event.culprits) accused.add(culprit);
        if (event.kind !== 'misdeed' || !isHealed || event.witness === null) return;
        const { machine, witness, actor } = event;
        if (view.byzantine.has(witness) || seen.has(machine)) return;
        seen.set(machine, { by: witness, atMs: view.nowMs(), as: actor.name });
      },
      finish: () => {
        for (const [index, { by, atMs, as }] of seen) {
          if (accused.has(index) || view.nowMs() - atMs < PROOF_DEADLINE_MS) continue;
          fail(`validator ${by} saw the ${as} ${index} at ${atMs} ms, and nobody has proof`);
        }
      },
    };
  },
};
