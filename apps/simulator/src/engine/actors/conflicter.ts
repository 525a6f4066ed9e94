import { type Actor, atOnce } from '../actor.ts';
import { otherTuple, ownVote, voteMessage } from '../forge.ts';

/** Votes for different tuples before different validators, notarize and finalize alike; before some for both. */
export const conflicter: Actor = {
  name: 'conflicter',
  create: (kit) => (message, to) => {
    if (message.kind !== 'vote' || message.vote.kind === 'nullify') return atOnce(message);
    const { kind, tuple } = message.vote;
    const conflicting = voteMessage(ownVote(kit, { kind, tuple: otherTuple(tuple) }));
    if (to % 3 === 0) return atOnce(message);
    return to % 3 === 1 ? atOnce(conflicting) : atOnce(message, conflicting);
  },
};
