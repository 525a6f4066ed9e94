import {
  aggregateEndorsements,
  aggregateVotes,
  createVerificationContext,
  type Endorsement,
  type EndorsementAggregation,
  type SignatureScheme,
  type VoteAggregation,
  verifyCertificate,
  verifyEndorsementCertificate,
  verifyProducerSignature,
  verifyProposal,
  verifyRandaoReveal,
} from '@heddle/consensus';
import type {
  Block,
  Certificate,
  ChunkHeader,
  EndorsementCertificate,
  Hash,
  Proposal,
  SigningDomain,
  ValidatorSet,
  Vote,
} from '@heddle/types';

/** Every signature check of one epoch's validator set. None throws on bad input. */
export interface CommitteeVerifier {
  verifyProposal(proposal: Proposal): boolean;
  verifyCertificate(certificate: Certificate): boolean;
  aggregateVotes(votes: readonly Vote[]): VoteAggregation;
  aggregateEndorsements(endorsements: readonly Endorsement[]): EndorsementAggregation;
  verifyEndorsements(certificate: EndorsementCertificate): boolean;
  verifyProducer(header: ChunkHeader, chunkHash: Hash, signature: Uint8Array): boolean;
  verifyRandao(block: Block): boolean;
}

/** The checks of one epoch with `scheme`. */
export function createCommitteeVerifier(
  scheme: SignatureScheme,
  domain: SigningDomain,
  set: ValidatorSet,
): CommitteeVerifier {
  const context = createVerificationContext(scheme, domain, set);
  return {
    verifyProposal: (proposal) => verifyProposal(context, proposal),
    verifyCertificate: (certificate) => verifyCertificate(context, certificate),
    aggregateVotes: (votes) => aggregateVotes(context, votes),
    aggregateEndorsements: (endorsements) => aggregateEndorsements(context, endorsements),
    verifyEndorsements: (certificate) => verifyEndorsementCertificate(context, certificate),
    verifyProducer: (header, chunkHash, signature) =>
      verifyProducerSignature(context, { header, chunkHash, signature }),
    verifyRandao: (block) => verifyRandaoReveal(context, block),
  };
}
