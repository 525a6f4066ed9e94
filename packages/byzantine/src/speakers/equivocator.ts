import { claimOf, proposalMessage, signProposal } from '../forge.ts';
import { forging, type Speaker } from '../speaker.ts';

/** As a leader it signs two proposals in its view: a third of the others gets the first, a third the second, a third both (E1). */
export const equivocator: Speaker = {
  name: 'equivocator',
  description: 'as leader proposes two blocks; some get one, some the other, some both',
  proofs: ['doublePropose', 'doubleVote', 'notarizeAndFinalize'],
  start: (tools) =>
    forging('proposal', (message, to) => {
      const share = (to + tools.index + Number(message.proposal.tuple.view % 3n)) % 3;
      if (share === 0) return [message];
      const claim = claimOf(message.proposal);
      const second = signProposal(tools, { ...claim, block: tools.blocks.sibling(claim.block, 'second') });
      tools.misdeed(share === 1 ? to : null);
      return share === 1 ? [message, proposalMessage(second)] : [proposalMessage(second)];
    }),
};
