import type { PeerId } from '@heddle/network';
import type { EvidenceReport, RecoveredTransaction, ValidatorIndex } from '@heddle/types';
import type { ExecutedBlock } from '../chain/executed-block.ts';

/** What parts tell the validator that they are parts of, which passes it on to whom it concerns: to parts made later, too. */
export interface ValidatorEvents {
  /** A peer sent what it can't have believed: nothing more of it is read in this epoch. */
  blame(peer: PeerId, reason: string): void;
  /** An error that this validator can't go on after: its disk, an impossible state. */
  fatal(error: unknown): void;
  /** Nothing of the peer is read any more; once a peer and epoch. */
  peerBlocked(peer: PeerId, reason: string): void;
  /** Whether there is anything to make a block for. Told on every change, and again with each view. */
  workChanged(pending: boolean): void;
  /** The block is final, durable and readable; in height order. */
  blockFinal(block: ExecutedBlock): void;
  /** A transaction is new in the pool. */
  transactionPooled(transaction: RecoveredTransaction): void;
  /** Evidence that is new, once each. */
  evidenceProven(evidence: ProvenEvidence): void;
}

/** What a part takes that tells of these. */
export interface Telling<Name extends keyof ValidatorEvents> {
  readonly events: Pick<ValidatorEvents, Name>;
}

/** Evidence that has been verified, with everyone whom it proves guilty. */
export interface ProvenEvidence extends EvidenceReport {
  readonly culprits: readonly ValidatorIndex[];
}
