import type { ChunkAnnouncement, Endorsement } from './block.ts';
import type { Certificate, NullifyCertificate, SignedTuple, TupleCertificate, TupleVote, Vote } from './consensus.ts';
import type { ValidatorIndex } from './ids.ts';

/**
 * Proof that a validator broke a rule; anyone can check it from its contents alone. The engine has compared contents
 * only: whoever acts on it checks the signatures first (`verifyEvidence`), against the committed validator set of the
 * epoch.
 */
export type Evidence =
  /** [E1] */
  | {
      readonly kind: 'doublePropose';
      readonly culprit: ValidatorIndex;
      readonly first: SignedTuple;
      readonly second: SignedTuple;
    }
  /** [E2] [E3] [E4] */
  | {
      readonly kind: 'doubleVote' | 'notarizeAndFinalize' | 'nullifyAndFinalize';
      readonly culprit: ValidatorIndex;
      readonly first: Vote;
      readonly second: Vote;
    }
  /** [E5] A notarize vote, and the certificates that its tuple commits to. */
  | {
      readonly kind: 'badJustification';
      readonly culprit: ValidatorIndex;
      readonly vote: TupleVote;
      readonly parentCertificate: TupleCertificate | null;
      readonly skipCertificates: readonly NullifyCertificate[];
    }
  /** [E6] Two certificates that can't both be: everyone who signed both. At least f + 1, never an honest one. */
  | {
      readonly kind: 'conflictingCertificates';
      readonly culprits: readonly ValidatorIndex[];
      readonly first: Certificate;
      readonly second: Certificate;
    };

/**
 * Two chunks signed for one parent, or two endorsements. The signatures of endorsements are not checked yet: whoever acts
 * on this, or passes it on, checks them first (`verifyChunkEvidence`).
 */
export type ChunkEvidence =
  | {
      readonly kind: 'doubleProduce';
      readonly culprit: ValidatorIndex;
      readonly first: ChunkAnnouncement;
      readonly second: ChunkAnnouncement;
    }
  | {
      readonly kind: 'doubleEndorse';
      readonly culprit: ValidatorIndex;
      readonly first: Endorsement;
      readonly second: Endorsement;
    };

/** Of the engine and of the chunk protocol. */
export type AnyEvidence = Evidence | ChunkEvidence;

/** Evidence as it travels: chunk signatures name no epoch, so the set that judges it has to be named. */
export interface EvidenceReport {
  readonly epoch: bigint;
  readonly evidence: AnyEvidence;
}
