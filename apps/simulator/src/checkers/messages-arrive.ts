import type { Invariant } from './checker.ts';

/** With several shards users send from one to another in every seed, and a run that delivers nothing shows nothing. */
export const messagesArrive: Invariant = {
  name: 'messages-arrive',
  create: (view, fail) => ({
    on: () => {},
    finish: () => {
      if (view.plan.shards > 1 && view.delivered === 0) fail('no message between shards was delivered');
    },
  }),
};
