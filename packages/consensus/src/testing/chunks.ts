import { assert, BLS_AGGREGATE_BYTES, BLS_SIGNATURE_BYTES } from '@heddle/primitives';
import {
  bitmapOf,
  type ChunkAnnouncement,
  EMPTY_BLOOM,
  type Endorsement,
  type EndorsementCertificate,
  type Hash,
  type ShardId,
  type ValidatorIndex,
  ZERO_ADDRESS,
  ZERO_HASH,
} from '@heddle/types';
import { type Producers, producerOf } from '../chunks/rules/producers.ts';

/** The chunk protocol looks at no signature: this one stands for all. */
export const CHUNK_SIGNATURE: Uint8Array = new Uint8Array(BLS_SIGNATURE_BYTES).fill(7);
const AGGREGATE = new Uint8Array(BLS_AGGREGATE_BYTES).fill(7);

/** A hash that is easy to tell apart. */
export function hashOf(value: number | bigint): Hash {
  return `0x${value.toString(16).padStart(64, '0')}`;
}

/** Registry order, shifted by shard: (height + shard) mod n, so that tests can tell whose turn it is. */
export function inTurn(validatorCount: number, shardCount: number): Producers {
  return Array.from({ length: shardCount }, (_, shard) =>
    Array.from({ length: validatorCount }, (_, place) => (place + shard) % validatorCount),
  );
}

/** Where a chunk belongs. */
export interface ChunkPlace {
  readonly producers: Producers;
  readonly shard: ShardId;
  readonly parentHash: Hash;
  readonly height: bigint;
}

/** A chunk of the producer whose turn it is; `variant` tells several apart. */
export function chunkAt(place: ChunkPlace, variant: number): ChunkAnnouncement {
  const { producers, shard, parentHash, height } = place;
  const producer = producerOf(producers, shard, height);
  assert(producer !== null, 'the shard has producers');
  const header = {
    shard,
    height,
    parentChunkHash: ZERO_HASH,
    parentBlockHash: parentHash,
    stateRoot: ZERO_HASH,
    transactionsRoot: ZERO_HASH,
    dispatchedRoot: ZERO_HASH,
    receiptsRoot: ZERO_HASH,
    logsBloom: EMPTY_BLOOM,
    gasUsed: 0n,
    gasLimit: 30_000_000n,
    baseFeePerGas: 7n,
    timestamp: BigInt(variant),
    coinbase: ZERO_ADDRESS,
    accessListHash: ZERO_HASH,
    bodyRoot: ZERO_HASH,
    outboxRoot: ZERO_HASH,
    tips: 0n,
    inboundCursors: [],
    queuedWeight: 0n,
    executedCount: 0,
    logCount: 0,
    receiptGas: 0n,
    coveredHeight: height,
    producer,
  };
  const chunkHash = hashOf(
    Number(BigInt(parentHash) % 1_000n) * 10_000 + Number(height) * 1_000 + shard * 10 + variant,
  );
  return { header, chunkHash, signature: CHUNK_SIGNATURE };
}

export function endorsementOf({ header, chunkHash }: ChunkAnnouncement, signer: ValidatorIndex): Endorsement {
  const { shard, parentBlockHash } = header;
  return { shard, parentBlockHash, chunkHash, signer, signature: CHUNK_SIGNATURE };
}

/** Of equal endorsements, at least one. */
export function endorsementCertificateOf(
  endorsements: readonly Endorsement[],
  validatorCount: number,
): EndorsementCertificate {
  const [first] = endorsements;
  assert(first !== undefined, 'there are endorsements');
  const { shard, parentBlockHash, chunkHash } = first;
  const bitmap = bitmapOf(
    endorsements.map(({ signer }) => signer),
    validatorCount,
  );
  return { shard, parentBlockHash, chunkHash, bitmap, aggregate: AGGREGATE };
}
