import type { Invariant } from './checker.ts';

/** Where calls are sent to other shards users send some in every seed, and a run that delivers nothing shows nothing. */
export const messagesArrive: Invariant = {
  name: 'messages-arrive',
  create: (view, fail) => ({
    on: () => {},
    finish: () => {
      if (view.plan.shards > 1 && view.plan.dispatch && view.delivered === 0)
        fail('no message between shards was delivered');
    },
  }),
};
