import type { NullifyCertificate } from '@heddle/types';
import type { Actor, ActorTools } from './actor.ts';
import { type Claim, claimOf, madeUpQuorum, proposalMessage, signProposal, spoiled } from './forge.ts';
import { forging } from './outgoing.ts';

/** Proposes on justifications that prove nothing, and commits to them (E5): spoiled, missing or made up. */
export const invalidJustificationLeader: Actor = {
  name: 'invalid-justification-leader',
  description: 'as leader justifies its proposals with spoiled, missing and made-up certificates',
  proofs: ['badJustification'],
  start: (tools) =>
    forging('proposal', (message, to) => {
      tools.misdeed(to);
      return [proposalMessage(signProposal(tools, falsified(tools, claimOf(message.proposal))))];
    }),
};

function falsified(tools: ActorTools, claim: Claim): Claim {
  const { parentCertificate: parent, skipCertificates: skips, epoch, view } = claim;
  const surplus: Claim = { ...claim, skipCertificates: [...skips, madeUp(tools, epoch, view)] };
  switch (tools.dice.below(4)) {
    case 0:
      if (parent === null) return surplus;
      return { ...claim, parentCertificate: { ...parent, aggregate: spoiled(parent.aggregate) } };
    case 1:
      return skips.length === 0 ? surplus : { ...claim, skipCertificates: skips.slice(1) };
    case 2:
      return parent === null ? surplus : { ...claim, parentCertificate: null };
    default:
      if (skips.length === 0) return surplus;
      return { ...claim, skipCertificates: skips.map((skip) => madeUp(tools, epoch, skip.view)) };
  }
}

/** A nullification that nobody signed. */
function madeUp({ validatorCount }: ActorTools, epoch: bigint, view: bigint): NullifyCertificate {
  return { kind: 'nullify', epoch, view, ...madeUpQuorum(validatorCount) };
}
