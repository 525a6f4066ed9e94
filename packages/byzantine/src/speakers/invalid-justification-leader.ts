import type { Claim } from '@heddle/consensus/testing';
import { claimOf, proposalMessage, signProposal, spoiled } from '../forge.ts';
import { forging, type Speaker, type SpeakerTools } from '../speaker.ts';

/** Proposes on justifications that prove nothing, and commits to them (E5): spoiled, missing or made up. */
export const invalidJustificationLeader: Speaker = {
  name: 'invalid-justification-leader',
  description: 'as leader justifies its proposals with spoiled, missing and made-up certificates',
  proofs: ['badJustification'],
  start: (tools) =>
    forging('proposal', (message, to) => {
      tools.misdeed(to);
      return [proposalMessage(signProposal(tools, falsified(tools, claimOf(message.proposal))))];
    }),
};

function falsified(tools: SpeakerTools, claim: Claim): Claim {
  const { parentCertificate: parent, skipCertificates: skips, epoch, view } = claim;
  const surplus: Claim = { ...claim, skipCertificates: [...skips, tools.unfoundedSkip(epoch, view)] };
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
      return { ...claim, skipCertificates: skips.map((skip) => tools.unfoundedSkip(epoch, skip.view)) };
  }
}
