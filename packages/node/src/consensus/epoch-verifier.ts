import {
  type Aggregation,
  aggregateEndorsements,
  aggregateVotes,
  createVerificationContext,
  type EpochContext,
  type ProposalVerdict,
  type SignatureScheme,
  verifyCertificate,
  verifyEndorsementCertificate,
  verifyEvidence,
  verifyProducerSignature,
  verifyProposal,
  verifyRandaoReveal,
} from '@heddle/consensus';
import type {
  AnyEvidence,
  Block,
  Certificate,
  ChunkHeader,
  Endorsement,
  EndorsementCertificate,
  Hash,
  Proposal,
  SigningDomain,
  ValidatorIndex,
  ValidatorSet,
  Vote,
} from '@heddle/types';

/** Every signature check of one epoch's validator set. None throws on bad input. */
export interface EpochVerifier {
  verifyProposal(proposal: Proposal): ProposalVerdict;
  verifyCertificate(certificate: Certificate): boolean;
  aggregateVotes(votes: readonly Vote[]): Aggregation<Certificate>;
  aggregateEndorsements(endorsements: readonly Endorsement[]): Aggregation<EndorsementCertificate>;
  verifyEndorsements(certificate: EndorsementCertificate): boolean;
  verifyProducer(header: ChunkHeader, chunkHash: Hash, signature: Uint8Array): boolean;
  verifyRandao(block: Block): boolean;
  /** Whom the evidence proves guilty; empty = it proves nothing. */
  verifyEvidence(evidence: AnyEvidence): readonly ValidatorIndex[];
}

/** The checks of one epoch with `scheme`. `startHash`: the block that view 1 builds on. */
export function createEpochVerifier(
  scheme: SignatureScheme,
  domain: SigningDomain,
  set: ValidatorSet,
  startHash: Hash,
): EpochVerifier {
  const context: EpochContext = { ...createVerificationContext(scheme, domain, set), startHash };
  return {
    verifyProposal: (proposal) => verifyProposal(context, proposal),
    verifyCertificate: (certificate) => verifyCertificate(context, certificate),
    aggregateVotes: (votes) => aggregateVotes(context, votes),
    aggregateEndorsements: (endorsements) => aggregateEndorsements(context, endorsements),
    verifyEndorsements: (certificate) => verifyEndorsementCertificate(context, certificate),
    verifyProducer: (header, chunkHash, signature) =>
      verifyProducerSignature(context, { header, chunkHash, signature }),
    verifyRandao: (block) => verifyRandaoReveal(context, block),
    verifyEvidence: (evidence) => verifyEvidence(context, evidence),
  };
}
