import type {
  ChunkAnnouncement,
  ChunkHeader,
  Endorsement,
  EndorsementCertificate,
  Hash,
  ShardId,
  SigningRequest,
  ValidatorIndex,
} from '@heddle/types';
import { type ChunkProtocolConfig, checkChunkConfig } from './config.ts';
import type { Orphans } from './orphans.ts';

/** Everything the chunk protocol knows. Plain data; a step makes a new one and shares what did not change. */
export interface ChunkProtocolState {
  readonly config: ChunkProtocolConfig;
  readonly workPending: boolean;
  /** -1 before the first `finalized`. */
  readonly finalizedHeight: bigint;
  readonly current: CurrentView | null;
  readonly wish: ProposalWish | null;
  /** By hash, in the order in which views named them. */
  readonly parents: ReadonlyMap<Hash, ParentRecord>;
  readonly orphans: Orphans;
  readonly requests: ReadonlyMap<number, ChunkRequest>;
  readonly nextRequestId: number;
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

/** The protocol's memory of one parent block: all shards' chunks on it. Survives view changes. */
export interface ParentRecord {
  readonly parentHash: Hash;
  /** Height of the chunks: the parent's number + 1. */
  readonly height: bigint;
  readonly missed: readonly number[];
  /** In shard order. */
  readonly shards: readonly ShardRecord[];
}

/** What is known of one shard's chunk on one parent. */
export interface ShardRecord {
  readonly shard: ShardId;
  readonly ownChunk: OwnChunk;
  /** By chunk hash, in the order of arrival. */
  readonly candidates: ReadonlyMap<Hash, Candidate>;
  readonly ownEndorsement: OwnEndorsement | null;
  /** The first endorsement of each signer; its signature is not believed until it is part of a certificate. */
  readonly endorsements: ReadonlyMap<ValidatorIndex, Endorsement>;
  /** Signers whose endorsement had a bad signature: heard no more here. */
  readonly badSigners: ReadonlySet<ValidatorIndex>;
  /** Signers already reported for two endorsements. */
  readonly accused: ReadonlySet<ValidatorIndex>;
  /** Whether an `aggregate` effect is out. */
  readonly aggregating: boolean;
  readonly certificate: EndorsementCertificate | null;
  readonly fetchRequested: boolean;
}

/** This node's own production for one shard and parent: once, whatever comes of it. */
export type OwnChunk =
  | { readonly status: 'none' | 'building' | 'over' }
  | { readonly status: 'signing'; readonly header: ChunkHeader; readonly chunkHash: Hash };

/** A chunk that its producer signed, with this body: the driver has checked both. */
export interface Candidate {
  readonly announcement: ChunkAnnouncement;
  readonly status: CandidateStatus;
}

/**
 * 'early': its timestamp is ahead of the local clock; the driver says when it is not any more.
 * 'gone': not here to be judged; it is fetched if a quorum chooses it.
 * 'valid': executed and durable here. 'refused': valid too, but the signer's record names another chunk, so it is not
 * endorsed a second time.
 */
export type CandidateStatus = 'waiting' | 'early' | 'validating' | 'gone' | 'valid' | 'invalid' | 'refused';

/**
 * This node's own endorsement for one shard and parent, from the moment its signature is asked for. `sentInView`: the last
 * view whose leader got it; 0 = none.
 */
export type OwnEndorsement =
  | { readonly status: 'signing'; readonly chunkHash: Hash }
  | { readonly status: 'signed'; readonly endorsement: Endorsement; readonly sentInView: bigint };

/** What this protocol has signed. */
export type ChunkSigningRequest = Extract<SigningRequest, { readonly kind: 'endorse' | 'produce' }>;

/** What an outstanding effect was asked for. */
export type ChunkRequest =
  | { readonly kind: 'sign'; readonly request: ChunkSigningRequest }
  | { readonly kind: 'aggregate'; readonly shard: ShardId; readonly parentBlockHash: Hash };

/** The state of a node that knows of nothing yet. What it signed in an earlier life, its signer remembers. */
export function createChunkProtocol(config: ChunkProtocolConfig): ChunkProtocolState {
  checkChunkConfig(config);
  return {
    config,
    workPending: false,
    finalizedHeight: -1n,
    current: null,
    wish: null,
    parents: new Map(),
    orphans: new Map(),
    requests: new Map(),
    nextRequestId: 1,
  };
}

/** A parent on which nothing has happened. */
export function emptyParent(parentHash: Hash, height: bigint, missed: readonly number[]): ParentRecord {
  const shards = missed.map(
    (_, shard): ShardRecord => ({
      shard,
      ownChunk: { status: 'none' },
      candidates: new Map(),
      ownEndorsement: null,
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

export function shardRecord(state: ChunkProtocolState, parentHash: Hash, shard: ShardId): ShardRecord | null {
  return state.parents.get(parentHash)?.shards[shard] ?? null;
}

/** The parent whose chunk a request is about. */
export function parentOf(request: ChunkRequest): Hash {
  return request.kind === 'sign' ? request.request.parentBlockHash : request.parentBlockHash;
}
