import type {
  ChunkAnnouncement,
  ChunkEvidence,
  ChunkHeader,
  Endorsement,
  EndorsementCertificate,
  Hash,
  ShardId,
  SigningRequest,
  ValidatorIndex,
} from '@heddle/types';

/**
 * 'valid': executed, durable. 'invalid': it breaks a rule, and its producer signed it. 'early': its timestamp is ahead of
 * the local clock; `timely` follows. 'gone': this node can't judge it (not held any more, too far ahead, its parent below
 * the final block): that says nothing of the chunk.
 */
export type ChunkVerdict = 'valid' | 'invalid' | 'early' | 'gone';

/** Everything that can happen to the chunk protocol. */
export type ChunkInput =
  /** The engine entered `view`; the parent is executed here (the driver holds this back until it is). */
  | {
      readonly kind: 'view';
      readonly view: bigint;
      readonly leader: ValidatorIndex;
      readonly parentHash: Hash;
      /** Height of the chunks to make: parent's number + 1. */
      readonly height: bigint;
      /** Missed heights in a row of each shard at this parent. */
      readonly missed: readonly number[];
    }
  /** Whether there is anything to make a block for: then producers build, all shards alike. */
  | { readonly kind: 'work'; readonly pending: boolean }
  /** The engine wants a block now for `view` on `parentHash` (its buildBlock effect). */
  | { readonly kind: 'proposalWanted'; readonly view: bigint; readonly parentHash: Hash }
  /** Answers `buildChunk`: executed and durable here; signature still to be made. */
  | { readonly kind: 'built'; readonly parentHash: Hash; readonly header: ChunkHeader; readonly chunkHash: Hash }
  | { readonly kind: 'buildFailed'; readonly parentHash: Hash; readonly shard: ShardId }
  /** First-hand (`arrivalOf`) or fetched by its hash; body and signature are checked and both are held here. */
  | { readonly kind: 'chunk'; readonly announcement: ChunkAnnouncement }
  /** Answers `validateChunk`. */
  | { readonly kind: 'validated'; readonly chunkHash: Hash; readonly verdict: ChunkVerdict }
  /** The time of a chunk whose verdict was 'early' has come. */
  | { readonly kind: 'timely'; readonly chunkHash: Hash }
  | { readonly kind: 'endorsement'; readonly from: ValidatorIndex; readonly endorsement: Endorsement }
  | { readonly kind: 'signed'; readonly requestId: number; readonly signature: Uint8Array }
  | { readonly kind: 'signRefused'; readonly requestId: number; readonly reason: string }
  | {
      readonly kind: 'aggregated';
      readonly requestId: number;
      readonly result:
        | { readonly ok: true; readonly certificate: EndorsementCertificate }
        | { readonly ok: false; readonly badSigners: readonly ValidatorIndex[] };
    }
  /** The chunk deadline D of (view, parentHash) has passed. */
  | { readonly kind: 'deadline'; readonly view: bigint; readonly parentHash: Hash }
  /** Everything at or below `height` is final: forget it. */
  | { readonly kind: 'finalized'; readonly height: bigint };

export type ChunkEffect =
  /** This node is the shard's producer for `parentHash`. Answer: `built` or `buildFailed`. */
  | { readonly kind: 'buildChunk'; readonly shard: ShardId; readonly parentHash: Hash; readonly height: bigint }
  /** Send header, body and access list to the committee. */
  | { readonly kind: 'broadcastChunk'; readonly chunkHash: Hash; readonly signature: Uint8Array }
  /** Execute and store durably; where `judgeTime`, first judge the timestamp. Answer: `validated`. */
  | { readonly kind: 'validateChunk'; readonly announcement: ChunkAnnouncement; readonly judgeTime: boolean }
  | { readonly kind: 'sendEndorsement'; readonly to: ValidatorIndex; readonly endorsement: Endorsement }
  | { readonly kind: 'sign'; readonly requestId: number; readonly request: SigningRequest }
  | { readonly kind: 'aggregate'; readonly requestId: number; readonly endorsements: readonly Endorsement[] }
  | { readonly kind: 'setDeadline'; readonly view: bigint; readonly parentHash: Hash; readonly delayMs: number }
  /** Answer to `proposalWanted`: one entry a shard, null = missing. Sent once a view. */
  | {
      readonly kind: 'chunksReady';
      readonly view: bigint;
      readonly parentHash: Hash;
      readonly certificates: readonly (EndorsementCertificate | null)[];
    }
  /**
   * A quorum endorsed a chunk that never reached this leader. Ask one of `holders` for it; feed what comes as `chunk`.
   * Sent once a chunk; if nobody answers, the shard is missing from the block.
   */
  | {
      readonly kind: 'fetchChunk';
      readonly shard: ShardId;
      readonly parentHash: Hash;
      readonly chunkHash: Hash;
      readonly holders: readonly ValidatorIndex[];
    }
  | { readonly kind: 'evidence'; readonly evidence: ChunkEvidence }
  /** It sent, or as a producer signed, what it can't have believed. */
  | { readonly kind: 'blockPeer'; readonly peer: ValidatorIndex; readonly reason: string };
