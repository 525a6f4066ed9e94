import { conflicting, voteMessage } from '../forge.ts';
import { forging, type Speaker } from '../speaker.ts';

/** Votes for two tuples of one view: some get the honest vote, some one for a block that nobody has, some both (E2, E3). */
export const conflicter: Speaker = {
  name: 'conflicter',
  description: 'signs two different votes for each view; some get one, some the other, some both',
  proofs: ['doubleVote', 'notarizeAndFinalize'],
  start: (tools) =>
    forging('vote', (message, to) => {
      const { vote } = message;
      if (vote.kind === 'nullify' || tools.dice.chance(0.5)) return [message];
      const forged = voteMessage(conflicting(tools, vote));
      const isShownBoth = tools.dice.chance(0.5);
      tools.misdeed(isShownBoth ? to : null);
      return isShownBoth ? [message, forged] : [forged];
    }),
};
