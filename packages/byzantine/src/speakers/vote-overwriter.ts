import { conflicting, spoiled, voteMessage } from '../forge.ts';
import { forging, type Speaker } from '../speaker.ts';

/**
 * Says each vote three times, in an order of chance: rightly, with a bad signature, and for something else. Proven only
 * where a good signature stood first: a bad one beside it proves nothing.
 */
export const voteOverwriter: Speaker = {
  name: 'vote-overwriter',
  description: 'sends each vote rightly, badly signed and for another tuple, in any order',
  proofs: [],
  start: (tools) =>
    forging('vote', (message) => {
      const { vote } = message;
      tools.misdeed(null);
      const bad = voteMessage({ ...vote, signature: spoiled(vote.signature) });
      const other = vote.kind === 'nullify' ? message : voteMessage(conflicting(tools, vote));
      return tools.dice.shuffled([bad, message, other]);
    }),
};
