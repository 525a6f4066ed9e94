import { type Actor, atOnce } from '../actor.ts';
import { otherTuple, ownVote, spoiled, voteMessage } from '../forge.ts';

/** Says each vote several times: with a bad signature, rightly, and for something else, in an order of chance. */
export const voteOverwriter: Actor = {
  name: 'vote-overwriter',
  create: (kit) => (message) => {
    if (message.kind !== 'vote') return atOnce(message);
    const { vote } = message;
    const bad = voteMessage({ ...vote, signature: spoiled(vote.signature) });
    const other =
      vote.kind === 'nullify' ? message : voteMessage(ownVote(kit, { kind: vote.kind, tuple: otherTuple(vote.tuple) }));
    return atOnce(...kit.random.shuffled([bad, message, other]));
  },
};
