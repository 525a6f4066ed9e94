import { forging, type Speaker } from '../speaker.ts';

/** Around the ends of the proposal timer (2T) and of the notarization timer (3T) at T = Δ, in Δ. */
const DELAYS = [0.9, 1.8, 1.9, 1.98, 2.1, 2.8, 2.98, 3.1, 4] as const;

/** Proposes when the others are about to give up on it, or just have; to each at another time. */
export const lateLeader: Speaker = {
  name: 'late-leader',
  description: 'proposes up to 4Δ late, to each of the others at another time',
  proofs: [],
  start: ({ dice, deltaMs, misdeed, sayLater }) =>
    forging('proposal', (message, to) => {
      misdeed(null);
      sayLater(Math.round(dice.pick(DELAYS) * deltaMs), to, message);
      return [];
    }),
};
