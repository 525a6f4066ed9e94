import type { Actor } from '../actor.ts';
import { forging } from '../over-the-wire.ts';

/** Endorses nothing that others could hear of: a quorum has to come from the others. */
export const endorsementWithholder: Actor = {
  name: 'endorsement-withholder',
  description: 'sends no endorsement',
  proofs: [],
  start: ({ misdeed }) =>
    forging('endorsement', () => {
      misdeed(null);
      return [];
    }),
};
