import type {
  ChunkAnnouncement,
  ChunkHeader,
  Endorsement,
  EndorsementCertificate,
  Hash,
  ShardId,
  ValidatorIndex,
} from '@heddle/types';
import type { Aggregation } from '../aggregation.ts';

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
  /** Answers `sign`; the record is durable in the signer. */
  | { readonly kind: 'signed'; readonly requestId: number; readonly signature: Uint8Array }
  /** Answers `sign` when the signer's own record forbids it. */
  | { readonly kind: 'signRefused'; readonly requestId: number; readonly reason: string }
  /** Answers `aggregate`. */
  | { readonly kind: 'aggregated'; readonly requestId: number; readonly result: Aggregation<EndorsementCertificate> }
  /** The chunk deadline D of (view, parentHash) has passed. */
  | { readonly kind: 'deadline'; readonly view: bigint; readonly parentHash: Hash }
  /** Everything at or below `height` is final: forget it. */
  | { readonly kind: 'finalized'; readonly height: bigint };
