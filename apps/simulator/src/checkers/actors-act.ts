import type { ValidatorIndex } from '@heddle/types';
import type { Invariant } from './checker.ts';

/** A byzantine validator that had every chance has broken the rules: an actor that does nothing proves nothing. */
export const actorsAct: Invariant = {
  name: 'actors-act',
  create: (view, fail) => {
    const acted = new Set<ValidatorIndex>();
    const accusations = new Map<ValidatorIndex, Set<string>>();
    return {
      on: (event) => {
        if (event.kind === 'misdeed') acted.add(event.machine);
        if (event.kind !== 'accused') return;
        for (const culprit of event.culprits) {
          accusations.set(culprit, (accusations.get(culprit) ?? new Set()).add(event.proof));
        }
      },
      finish: () => {
        for (const [index, { name, proofs }] of view.tried) {
          if (!acted.has(index)) fail(`validator ${index} did nothing as ${name}`);
          const proven = [...(accusations.get(index) ?? [])];
          if (proofs.length > 0 && !proofs.some((proof) => proven.includes(proof))) {
            fail(`validator ${index} did what a ${name} does, and nobody can prove ${proofs.join(' or ')}`);
          }
        }
      },
    };
  },
};
