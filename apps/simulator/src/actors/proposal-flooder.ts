import type { WireMessage } from '@heddle/network';
import type { Proposal } from '@heddle/types';
import type { Actor, ActorTools } from './actor.ts';
import { claimOf, proposalMessage, siblingOf, signProposal } from './forge.ts';
import { forgingConsensus, watching } from './outgoing.ts';

/** Beside each message that it sends. */
const PER_MESSAGE = 6;
const VIEWS_AHEAD = 4;

/**
 * Floods with proposals for the newest view that it knows of and the next ones, whoever leads them, all different and
 * all well signed, before it says anything else.
 */
export function proposalFlood(perMessage: number): Actor {
  return {
    name: 'proposal-flooder',
    description: `sends ${perMessage} well-signed proposals with each message, for views of its own and of others`,
    proofs: [],
    start: (tools) => {
      let newest: Proposal | null = null;
      let count = 0;
      const look = (message: WireMessage): void => {
        if (message.kind !== 'proposal') return;
        if (newest === null || message.proposal.tuple.view > newest.tuple.view) newest = message.proposal;
      };
      const tampering = forgingConsensus((message) => {
        look(message);
        const model = newest;
        if (model === null) return [message];
        tools.misdeed(null);
        const flood = Array.from({ length: perMessage }, () => proposalLike(tools, model, ++count));
        return [...flood, message];
      });
      return watching(tampering, look);
    },
  };
}

export const proposalFlooder: Actor = proposalFlood(PER_MESSAGE);

function proposalLike(tools: ActorTools, model: Proposal, count: number): WireMessage {
  const claim = claimOf(model);
  const view = claim.view + BigInt(tools.dice.below(VIEWS_AHEAD));
  return proposalMessage(signProposal(tools, { ...claim, view, block: siblingOf(claim.block, `flood ${count}`) }));
}
