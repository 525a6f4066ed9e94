import type { Proposal } from '@heddle/types';
import { type Actor, atOnce } from '../actor.ts';
import { claimOf, proposalMessage, siblingOf, signProposal } from '../forge.ts';

/** As a leader it proposes twice: half of the validators hear of one block, half of its sibling. */
export const equivocator: Actor = {
  name: 'equivocator',
  create: (kit) => {
    const siblings = new Map<Proposal, Proposal>();
    return (message, to) => {
      if (message.kind !== 'proposal' || to % 2 === 0) return atOnce(message);
      const { proposal } = message;
      const claim = claimOf(proposal);
      const sibling = siblings.get(proposal) ?? signProposal(kit, { ...claim, block: siblingOf(claim.block) });
      siblings.set(proposal, sibling);
      return atOnce(proposalMessage(sibling));
    };
  },
};
