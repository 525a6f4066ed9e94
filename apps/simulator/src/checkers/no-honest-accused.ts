import type { Invariant } from './checker.ts';

/** Evidence names byzantine validators only. */
export const noHonestAccused: Invariant = {
  name: 'no-honest-accused',
  create: (view, fail) => ({
    on: (event) => {
      if (event.kind !== 'accused') return;
      const honest = event.culprits.filter((culprit) => !view.byzantine.has(culprit));
      if (honest.length > 0) fail(`validator ${event.machine} accuses ${honest.join(', ')} of ${event.proof}`);
    },
    finish: () => {},
  }),
};
