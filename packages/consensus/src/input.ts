import type { Block, Certificate, Hash, Proposal, Status, ValidatorIndex, Vote } from '@heddle/types';
import type { Aggregation } from './aggregation.ts';

/** The engine's timers, all of the current view. `idle` runs at the leader only: its wait before a heartbeat block. */
export type TimerKind = 'proposal' | 'notarization' | 'retry' | 'idle';

/**
 * Everything that can happen to the engine. Wire inputs have been decoded but not believed: no signature is checked yet.
 * `from` is the validator at the other end of an authenticated stream; votes and proposals count only first-hand
 * (`from` is the signer), certificates from anyone.
 */
export type Input =
  /** First input after creation or recovery: enters the current view, arms timers, rebroadcasts own votes. */
  | { readonly kind: 'start' }
  | { readonly kind: 'proposal'; readonly from: ValidatorIndex; readonly proposal: Proposal }
  | { readonly kind: 'vote'; readonly from: ValidatorIndex; readonly vote: Vote }
  | { readonly kind: 'certificate'; readonly from: ValidatorIndex; readonly certificate: Certificate }
  | { readonly kind: 'certificateRequest'; readonly from: ValidatorIndex; readonly view: bigint }
  | { readonly kind: 'status'; readonly from: ValidatorIndex; readonly status: Status }
  /** Answers `buildBlock`. The block is valid and durable. */
  | { readonly kind: 'blockBuilt'; readonly view: bigint; readonly block: Block; readonly blockHash: Hash }
  | { readonly kind: 'buildFailed'; readonly view: bigint }
  /** Answers `verifyBlock`; 'valid' means that it is executed and durable too. */
  | {
      readonly kind: 'blockVerified';
      readonly view: bigint;
      readonly blockHash: Hash;
      readonly verdict: 'valid' | 'invalid';
    }
  /** Answers `sign`; the record is durable in the signer. */
  | { readonly kind: 'signed'; readonly requestId: number; readonly signature: Uint8Array }
  /** Answers `sign` when the signer's own record forbids it: the engine stays silent on that vote. */
  | { readonly kind: 'signRefused'; readonly requestId: number; readonly reason: string }
  /** Answers `verifyProposal` and `verifyCertificate`. */
  | { readonly kind: 'verified'; readonly requestId: number; readonly valid: boolean }
  /**
   * Answers `verifyProposal` when both leader signatures are good and a parent or skip certificate is not: then
   * everyone who votes for the tuple is guilty too (E5). `verified` with `valid: false` accuses nobody.
   */
  | { readonly kind: 'badJustification'; readonly requestId: number }
  /** Answers `aggregate`: a certificate, or the signers whose signatures are bad. */
  | {
      readonly kind: 'aggregated';
      readonly requestId: number;
      readonly result: Aggregation<Certificate>;
    }
  /** The driver found that a peer sent what it can't have believed, such as evidence that proves nothing [C4]. */
  | { readonly kind: 'peerFault'; readonly peer: ValidatorIndex; readonly reason: string }
  | { readonly kind: 'timer'; readonly timer: TimerKind; readonly view: bigint }
  /**
   * Whether this node knows of work on the parent that `enterView` named (pending transactions, undelivered messages).
   * Forgotten with the view: the driver says it again after each `enterView`.
   */
  | { readonly kind: 'work'; readonly pending: boolean };
