import type { Claim } from '@heddle/consensus/testing';
import type { NullifyCertificate } from '@heddle/types';
import { type Actor, type ActorKit, atOnce } from '../actor.ts';
import { claimOf, proposalMessage, signProposal, spoiled } from '../forge.ts';

/** Proposes on justifications that prove nothing, and commits to them [E5]: spoiled, missing, surplus or made up. */
export const invalidJustificationLeader: Actor = {
  name: 'invalid-justification-leader',
  create: (kit) => (message) => {
    if (message.kind !== 'proposal') return atOnce(message);
    return atOnce(proposalMessage(signProposal(kit, falsified(kit, claimOf(message.proposal)))));
  },
};

function falsified(kit: ActorKit, claim: Claim): Claim {
  const { parentCertificate: parent, skipCertificates: skips, view } = claim;
  switch (kit.random.below(4)) {
    case 0:
      if (parent === null) return { ...claim, skipCertificates: [...skips, madeUp(kit, view)] };
      return { ...claim, parentCertificate: { ...parent, aggregate: spoiled(parent.aggregate) } };
    case 1:
      return { ...claim, skipCertificates: skips.length > 0 ? skips.slice(1) : [madeUp(kit, view)] };
    case 2:
      return { ...claim, parentCertificate: null };
    default:
      return { ...claim, skipCertificates: skips.map((skip) => madeUp(kit, skip.view)) };
  }
}

/** A nullification that only this validator signed. */
function madeUp(kit: ActorKit, view: bigint): NullifyCertificate {
  return kit.signatures.certifySkip(kit.config.epoch, view, [kit.config.validatorIndex]);
}
