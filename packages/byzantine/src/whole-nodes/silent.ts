import { type Actor, UNTOUCHED } from '../actor.ts';

/** Hears everything and says nothing: to others it looks like a machine that hangs, on a connection that is up. */
export const silent: Actor = {
  name: 'silent',
  description: 'is connected and says nothing: no vote, proposal or chunk, and no answer',
  proofs: [],
  start: ({ misdeed }) => ({
    ...UNTOUCHED,
    send: () => {
      misdeed(null);
      return [];
    },
    answer: () => {
      misdeed(null);
      return new Promise(() => {});
    },
  }),
};
