import { assert } from '@heddle/primitives';
import type {
  ChunkAnnouncement,
  ChunkHeader,
  Endorsement,
  EndorsementCertificate,
  Hash,
  ShardId,
  ValidatorIndex,
} from '@heddle/types';
import type { EarlyBuffer } from './early-buffer.ts';
import type { Producers } from './producers.ts';

export interface ChunkProtocolConfig {
  /** This node's place in the validator set. */
  readonly validatorIndex: ValidatorIndex;
  /** 1 … 1,024. */
  readonly validatorCount: number;
  /** 1 … 64. */
  readonly shardCount: number;
  /** Of the epoch, for each shard. */
  readonly producers: Producers;
  /** D of the genesis file, above 0. */
  readonly chunkDeadlineMs: number;
}

/**
 * 'early': its timestamp is ahead of the local clock; the driver says when it is not any more.
 * 'gone': not here to be judged; it is fetched if a quorum chooses it.
 * 'valid': executed and durable here. 'refused': valid too, but the signer's record names another chunk, so it is not
 * endorsed a second time.
 */
export type CandidateStatus = 'waiting' | 'early' | 'validating' | 'gone' | 'valid' | 'invalid' | 'refused';

/** A chunk that its producer signed, with this body: the driver has checked both. */
export interface Candidate {
  readonly announcement: ChunkAnnouncement;
  readonly status: CandidateStatus;
}

/** This node's own production for one shard and parent: once, whatever comes of it. */
export type Production =
  | { readonly stage: 'idle' }
  | { readonly stage: 'building' }
  | { readonly stage: 'signing'; readonly header: ChunkHeader; readonly chunkHash: Hash }
  | { readonly stage: 'over' };

/** This node's own endorsement for one shard and parent. `sentInView`: the last view whose leader got it; 0 = none. */
export type OwnEndorsement =
  | { readonly stage: 'none' }
  | { readonly stage: 'signing'; readonly chunkHash: Hash }
  | { readonly stage: 'signed'; readonly endorsement: Endorsement; readonly sentInView: bigint };

/** What is known of one shard's chunk on one parent. */
export interface ShardRound {
  readonly shard: ShardId;
  readonly production: Production;
  /** By chunk hash, in the order of arrival. */
  readonly candidates: ReadonlyMap<Hash, Candidate>;
  readonly own: OwnEndorsement;
  /** The first endorsement of each signer; its signature is not believed until it is part of a certificate. */
  readonly endorsements: ReadonlyMap<ValidatorIndex, Endorsement>;
  /** Signers whose endorsement had a bad signature: heard no more here. */
  readonly badSigners: ReadonlySet<ValidatorIndex>;
  /** Signers already reported for two endorsements. */
  readonly accused: ReadonlySet<ValidatorIndex>;
  readonly aggregating: boolean;
  readonly certificate: EndorsementCertificate | null;
  readonly fetchRequested: boolean;
}

/** All shards' chunks on one parent block. Survives view changes. */
export interface Round {
  readonly parentHash: Hash;
  /** Height of the chunks: the parent's number + 1. */
  readonly height: bigint;
  readonly missed: readonly number[];
  /** In shard order. */
  readonly shards: readonly ShardRound[];
}

export interface CurrentView {
  readonly view: bigint;
  readonly leader: ValidatorIndex;
  readonly parentHash: Hash;
}

/** The engine's wish for a block, from `proposalWanted` until the next view. */
export interface ProposalWish {
  readonly view: bigint;
  readonly parentHash: Hash;
  /** What the leader will have waited when its deadline passes, ms; 0 = no deadline is set. */
  readonly waitMs: number;
  /** Endorsements of the chunks that were missing when a deadline passed last. */
  readonly heard: number;
  readonly answered: boolean;
}

/** What an answer with a request id refers to. */
export interface PendingRequest {
  readonly kind: 'produce' | 'endorse' | 'aggregate';
  readonly parentHash: Hash;
  readonly shard: ShardId;
  readonly chunkHash: Hash;
}

export interface ChunkProtocolState {
  readonly config: ChunkProtocolConfig;
  readonly workPending: boolean;
  /** -1 before the first `finalized`. */
  readonly finalizedHeight: bigint;
  readonly current: CurrentView | null;
  readonly wish: ProposalWish | null;
  /** By parent hash, in the order in which views named them. */
  readonly rounds: ReadonlyMap<Hash, Round>;
  readonly early: EarlyBuffer;
  readonly requests: ReadonlyMap<number, PendingRequest>;
  readonly nextRequestId: number;
}

/** The state of a node that knows of nothing yet. What it signed in an earlier life, its signer remembers. */
export function createChunkProtocol(config: ChunkProtocolConfig): ChunkProtocolState {
  const { validatorIndex, validatorCount, shardCount, producers, chunkDeadlineMs } = config;
  assert(Number.isInteger(validatorCount) && validatorCount >= 1, 'validatorCount is a positive integer');
  assert(
    Number.isInteger(validatorIndex) && validatorIndex >= 0 && validatorIndex < validatorCount,
    'validatorIndex names a validator',
  );
  assert(Number.isInteger(shardCount) && shardCount >= 1, 'shardCount is a positive integer');
  assert(
    producers.length === shardCount && producers.every(({ length }) => length === validatorCount),
    'producers are given for every shard',
  );
  assert(Number.isFinite(chunkDeadlineMs) && chunkDeadlineMs > 0, 'chunkDeadlineMs is above zero');
  return {
    config,
    workPending: false,
    finalizedHeight: -1n,
    current: null,
    wish: null,
    rounds: new Map(),
    early: new Map(),
    requests: new Map(),
    nextRequestId: 0,
  };
}

/** A round in which nothing has happened. */
export function emptyRound(parentHash: Hash, height: bigint, missed: readonly number[]): Round {
  const shards = missed.map(
    (_, shard): ShardRound => ({
      shard,
      production: { stage: 'idle' },
      candidates: new Map(),
      own: { stage: 'none' },
      endorsements: new Map(),
      badSigners: new Set(),
      accused: new Set(),
      aggregating: false,
      certificate: null,
      fetchRequested: false,
    }),
  );
  return { parentHash, height, missed, shards };
}

/** Executed and durable here, so that a block with it can be notarized. */
export function isLocallyValid(candidate: Candidate | undefined): boolean {
  return candidate !== undefined && (candidate.status === 'valid' || candidate.status === 'refused');
}
