import type {
  ChunkAnnouncement,
  ChunkEvidence,
  Endorsement,
  EndorsementCertificate,
  Hash,
  ShardId,
  SigningRequest,
  ValidatorIndex,
} from '@heddle/types';

/** What the chunk protocol wants done. It has no journal: what it signed, the signer's record remembers. */
export type ChunkEffect =
  /** This node is the shard's producer for `parentHash`. Answer: `built` or `buildFailed`. */
  | { readonly kind: 'buildChunk'; readonly shard: ShardId; readonly parentHash: Hash; readonly height: bigint }
  /** Send header, body and access list to the committee. */
  | { readonly kind: 'broadcastChunk'; readonly chunkHash: Hash; readonly signature: Uint8Array }
  /** Execute and store durably; where `judgeTime`, first judge the timestamp. Answer: `validated`. */
  | { readonly kind: 'validateChunk'; readonly announcement: ChunkAnnouncement; readonly judgeTime: boolean }
  | { readonly kind: 'sendEndorsement'; readonly to: ValidatorIndex; readonly endorsement: Endorsement }
  /** Answer: `signed` or `signRefused`. */
  | { readonly kind: 'sign'; readonly requestId: number; readonly request: SigningRequest }
  /** A quorum or more of equal endorsements: aggregate, verify once, bisect on failure. Answer: `aggregated`. */
  | { readonly kind: 'aggregate'; readonly requestId: number; readonly endorsements: readonly Endorsement[] }
  /** Answer: `deadline`, after so long. */
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
