import type { Actor } from './actor.ts';
import { forging } from './outgoing.ts';

/** Leaves out half of its votes, for each receiver by itself: certificates form late, and not everywhere. */
export const voteWithholder: Actor = {
  name: 'vote-withholder',
  description: 'sends each vote to about half of the others',
  start: ({ dice }) => forging('vote', (message) => (dice.chance(0.5) ? [message] : [])),
};
