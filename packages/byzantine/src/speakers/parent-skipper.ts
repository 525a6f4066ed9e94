import type { ConsensusMessage } from '@heddle/consensus';
import type { Claim } from '@heddle/consensus/testing';
import type { NullifyCertificate, Proposal, TupleCertificate } from '@heddle/types';
import { claimOf, proposalMessage, signProposal } from '../forge.ts';
import { forging, type Speaker, type SpeakerTools } from '../speaker.ts';

/** Views whose certificates it remembers. */
const REMEMBERED_VIEWS = 64;

/** Builds on an ancestor of the best parent, as if the views between had been nullified: would undo what is final (E5). */
export const parentSkipper: Speaker = {
  name: 'parent-skipper',
  description: 'as leader builds on the grandparent and makes up nullifications of what it skips',
  proofs: ['badJustification'],
  start: (tools) => {
    const certificates = new Map<bigint, TupleCertificate>();
    const remember = ({ parentCertificate }: Proposal): void => {
      if (parentCertificate === null) return;
      certificates.set(parentCertificate.tuple.view, parentCertificate);
      const [oldest] = certificates.keys();
      if (certificates.size > REMEMBERED_VIEWS && oldest !== undefined) certificates.delete(oldest);
    };
    const look = (message: ConsensusMessage): void => {
      if (message.kind === 'proposal') remember(message.proposal);
    };
    const { say } = forging('proposal', (message, to) => {
      remember(message.proposal);
      const claim = claimOf(message.proposal);
      const older = certificates.get(claim.parentCertificate?.tuple.parentView ?? 0n);
      if (older === undefined) return [message];
      tools.misdeed(to);
      return [proposalMessage(signProposal(tools, skippingTo(tools, claim, older)))];
    });
    return { say, hear: look };
  },
};

function skippingTo(tools: SpeakerTools, claim: Claim, parentCertificate: TupleCertificate): Claim {
  const { epoch, view, block } = claim;
  const { view: parentView, blockHash: parentHash } = parentCertificate.tuple;
  const skipCertificates: NullifyCertificate[] = [];
  for (let skipped = parentView + 1n; skipped < view; skipped++) {
    skipCertificates.push(tools.unfoundedSkip(epoch, skipped));
  }
  const header = { ...block.header, parentHash, number: block.header.number - 1n };
  return { ...claim, parentView, parentHash, parentCertificate, skipCertificates, block: { ...block, header } };
}
