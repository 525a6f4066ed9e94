import type { Invariant } from './checker.ts';

/** Honest machines send nothing for which another one would stop listening to them, whatever others do to both. */
export const noHonestBlocked: Invariant = {
  name: 'no-honest-blocked',
  create: (view, fail) => ({
    on: (event) => {
      if (event.kind !== 'peerBlocked' || view.byzantine.has(event.peer)) return;
      fail(`validator ${event.machine} blocks ${event.peer}: ${event.reason}`);
    },
    finish: () => {},
  }),
};
