import type { ConsensusMessage } from '@heddle/consensus';
import type { Proposal } from '@heddle/types';
import { claimOf, proposalMessage, signProposal } from '../forge.ts';
import type { Speaker, SpeakerTools, Speech } from '../speaker.ts';

/** Beside each message that it sends. */
const PER_MESSAGE = 6;
const VIEWS_AHEAD = 4;

/**
 * Floods with proposals for the newest view that it knows of and the next ones, whoever leads them, all different and
 * all well signed, before it says anything else.
 */
export function proposalFlood(perMessage: number): Speaker {
  return {
    name: 'proposal-flooder',
    description: `sends ${perMessage} well-signed proposals with each message, for views of its own and of others`,
    proofs: [],
    start: (tools) => {
      let newest: Proposal | null = null;
      let count = 0;
      const look = (message: ConsensusMessage): void => {
        if (message.kind !== 'proposal') return;
        if (newest === null || message.proposal.tuple.view > newest.tuple.view) newest = message.proposal;
      };
      const say: Speech['say'] = (message) => {
        look(message);
        const model = newest;
        if (model === null) return [message];
        tools.misdeed(null);
        const flood = Array.from({ length: perMessage }, () => proposalLike(tools, model, ++count));
        return [...flood, message];
      };
      return { say, hear: look };
    },
  };
}

export const proposalFlooder: Speaker = proposalFlood(PER_MESSAGE);

function proposalLike(tools: SpeakerTools, model: Proposal, count: number): ConsensusMessage {
  const claim = claimOf(model);
  const view = claim.view + BigInt(tools.dice.below(VIEWS_AHEAD));
  return proposalMessage(
    signProposal(tools, { ...claim, view, block: tools.blocks.sibling(claim.block, `flood ${count}`) }),
  );
}
