import type {
  Block,
  Certificate,
  Evidence,
  Hash,
  Proposal,
  ProposalTuple,
  SigningRequest,
  Status,
  TupleCertificate,
  ValidatorIndex,
  Vote,
} from '@heddle/types';
import type { TimerKind } from './input.ts';

/** What consensus says to other validators. */
export type ConsensusMessage =
  | { readonly kind: 'proposal'; readonly proposal: Proposal }
  | { readonly kind: 'vote'; readonly vote: Vote }
  | { readonly kind: 'certificate'; readonly certificate: Certificate }
  | { readonly kind: 'certificateRequest'; readonly epoch: bigint; readonly view: bigint }
  | { readonly kind: 'status'; readonly status: Status };

/**
 * What the engine wants done. The driver appends `EngineStep.records` to the journal and syncs them
 * before it performs any effect of the same step (consensus.md, Durability).
 */
export type Effect =
  | { readonly kind: 'broadcast'; readonly message: ConsensusMessage }
  | { readonly kind: 'send'; readonly to: ValidatorIndex; readonly message: ConsensusMessage }
  /** This node leads `view` and should make a block on the parent. Sent once a view. Answer: `blockBuilt` or `buildFailed`. */
  | { readonly kind: 'buildBlock'; readonly view: bigint; readonly parentView: bigint; readonly parentHash: Hash }
  /**
   * Answer: `blockVerified`. Fetches what is missing (chunk bodies, the parent) by itself. The driver checks that the
   * block hashes to `tuple.blockHash`, extends `tuple.parentHash`, and belongs to its view and leader.
   */
  | {
      readonly kind: 'verifyBlock';
      readonly view: bigint;
      readonly from: ValidatorIndex;
      readonly tuple: ProposalTuple;
      readonly block: Block;
    }
  | { readonly kind: 'sign'; readonly requestId: number; readonly request: SigningRequest }
  /**
   * Check the leader's two signatures and the parent and skip certificates of a proposal in one go. Structure, quorums
   * and bitmaps have been checked. Answer: `verified` or `badJustification`.
   */
  | { readonly kind: 'verifyProposal'; readonly requestId: number; readonly proposal: Proposal }
  /** Quorum and bitmap have been checked; left is the aggregate signature. Answer: `verified`. */
  | { readonly kind: 'verifyCertificate'; readonly requestId: number; readonly certificate: Certificate }
  /** A quorum or more of equal votes: aggregate, verify once, bisect on failure. Answer: `aggregated`. */
  | { readonly kind: 'aggregate'; readonly requestId: number; readonly votes: readonly Vote[] }
  /** Replaces a timer of the same kind. */
  | { readonly kind: 'setTimer'; readonly timer: TimerKind; readonly view: bigint; readonly delayMs: number }
  | { readonly kind: 'cancelTimer'; readonly timer: TimerKind }
  /**
   * A new view, or a better parent for the current one before it has a proposal: the highest notarized or finalized
   * tuple below it (view 0 and the genesis hash at the start of the epoch).
   */
  | {
      readonly kind: 'enterView';
      readonly view: bigint;
      readonly leader: ValidatorIndex;
      readonly parentView: bigint;
      readonly parentHash: Hash;
    }
  /**
   * The block and all its ancestors are final: once per new highest finalized view, and again after a restart if the
   * journal knows more than `lastFinal`. The node may not have the block yet.
   */
  | { readonly kind: 'finalized'; readonly certificate: TupleCertificate }
  | { readonly kind: 'evidence'; readonly evidence: Evidence }
  | { readonly kind: 'blockPeer'; readonly peer: ValidatorIndex; readonly reason: string };

/**
 * What has to be durable before the effects of the step are performed. All idempotent on replay: a `floor` is followed,
 * in the same step, by the records above it that are still needed, so everything before it may be deleted once that
 * step is on stable storage.
 */
export type JournalRecord =
  | { readonly kind: 'firstProposal'; readonly proposal: Proposal }
  | { readonly kind: 'ownVote'; readonly vote: Vote }
  | { readonly kind: 'certificate'; readonly certificate: Certificate }
  /** Finalization of the block at which older records may be forgotten. */
  | { readonly kind: 'floor'; readonly certificate: TupleCertificate }
  /** The first record of an epoch's journal: whose it is. No floor takes it away. */
  | {
      readonly kind: 'epochSwitch';
      readonly epoch: bigint;
      readonly validatorSetHash: Hash;
      /** The final block that the epoch's view 1 builds on (`EngineConfig.genesisHash`). */
      readonly baseHash: Hash;
    };
