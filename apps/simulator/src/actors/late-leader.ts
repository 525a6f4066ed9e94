import { encodeWireMessage } from '@heddle/network';
import { CONSENSUS_STREAM } from '@heddle/node';
import type { Actor } from './actor.ts';
import { forging } from './outgoing.ts';

/** Around the ends of the proposal timer (2T) and of the notarization timer (3T) at T = Δ = 500 ms. */
const DELAYS_MS = [450, 900, 950, 990, 1_050, 1_400, 1_490, 1_550, 2_000];

/** Proposes when the others are about to give up on it, or just have; to each at another time. */
export const lateLeader: Actor = {
  name: 'late-leader',
  description: 'proposes up to 4Δ late, to each of the others at another time',
  proofs: [],
  start: ({ dice, misdeed, after, say }) =>
    forging('proposal', (message, to) => {
      misdeed(null);
      after(dice.pick(DELAYS_MS), () => say(to, CONSENSUS_STREAM, encodeWireMessage(message)));
      return [];
    }),
};
