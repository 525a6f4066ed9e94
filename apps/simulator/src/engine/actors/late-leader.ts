import { type Actor, atOnce } from '../actor.ts';

/** Proposes when the others are about to give up on it, or just have: up to 4Δ late. */
export const lateLeader: Actor = {
  name: 'late-leader',
  create:
    ({ config, random }) =>
    (message) => {
      if (message.kind !== 'proposal') return atOnce(message);
      return [{ message, delayMs: config.deltaMs * (1 + random.below(4)) - random.below(50) }];
    },
};
