import { forging, type Speaker } from '../speaker.ts';

/** Leaves out half of its votes, for each receiver by itself: certificates form late, and not everywhere. */
export const voteWithholder: Speaker = {
  name: 'vote-withholder',
  description: 'sends each vote to about half of the others',
  proofs: [],
  start: ({ dice, misdeed }) =>
    forging('vote', (message) => {
      if (dice.chance(0.5)) return [message];
      misdeed(null);
      return [];
    }),
};
