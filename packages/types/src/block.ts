import type { BlockAccessList } from './access-list.ts';
import type { Address, Hash, ShardId, ValidatorIndex } from './ids.ts';
import type { Section } from './section.ts';

/** An Ethereum (Osaka) header. Hash: keccak256(rlp(header)), 21 fields in the order of the execution specs. */
export interface BlockHeader {
  readonly parentHash: Hash;
  /** keccak256(rlp([])): no ommers. */
  readonly ommersHash: Hash;
  readonly coinbase: Address;
  readonly stateRoot: Hash;
  readonly transactionsRoot: Hash;
  readonly receiptsRoot: Hash;
  /** 256 bytes. */
  readonly logsBloom: Uint8Array;
  /** 0 since the merge. */
  readonly difficulty: bigint;
  readonly number: bigint;
  readonly gasLimit: bigint;
  /** Sum over the new chunks and the section. With several shards not that of the receipts. */
  readonly gasUsed: bigint;
  /** Seconds; may repeat from block to block. */
  readonly timestamp: bigint;
  /** 32 bytes: what `blockExtraData` makes of the rest of the block; genesis: what its file says. */
  readonly extraData: Uint8Array;
  /** PREVRANDAO: keccak256(parent's mixHash ‖ parent's randao reveal). */
  readonly mixHash: Hash;
  /** 8 zero bytes since the merge. */
  readonly nonce: Uint8Array;
  readonly baseFeePerGas: bigint;
  readonly withdrawalsRoot: Hash;
  readonly blobGasUsed: bigint;
  readonly excessBlobGas: bigint;
  /** Hash of the validator set that certifies the children. */
  readonly parentBeaconBlockRoot: Hash;
  readonly requestsHash: Hash;
}

/** One shard's part of a block. Hash: keccak256(rlp(header)), which so names one body too. */
export interface ChunkHeader {
  readonly shard: ShardId;
  readonly height: bigint;
  readonly parentChunkHash: Hash;
  readonly parentBlockHash: Hash;
  /** After this chunk. With several shards the section moves the state on: see `stateRootsOf`. */
  readonly stateRoot: Hash;
  /** Trie root over the transactions executed here: delivered calls first, then local ones. */
  readonly transactionsRoot: Hash;
  /** Trie root over the transactions admitted here and sent to another shard. */
  readonly dispatchedRoot: Hash;
  readonly receiptsRoot: Hash;
  /** 256 bytes. */
  readonly logsBloom: Uint8Array;
  /** Gas that the chunk took of its limit: local receipts, what dispatched transactions declare, what deliveries took. */
  readonly gasUsed: bigint;
  readonly gasLimit: bigint;
  readonly baseFeePerGas: bigint;
  /** Seconds: TIMESTAMP of this chunk. Not before the parent block's. */
  readonly timestamp: bigint;
  /** COINBASE of this chunk. */
  readonly coinbase: Address;
  /** Wei: what the coinbase is owed when it lives elsewhere; the section credits it at index 0. 0 when it lives here. */
  readonly tips: bigint;
  readonly accessListHash: Hash;
  /** keccak256(rlp(transactions)) over the encodings that the body carries, executed here or dispatched. */
  readonly bodyRoot: Hash;
  /** Merkle root over the per-destination list roots. */
  readonly outboxRoot: Hash;
  /** Next sequence expected from each source shard, shardCount entries; mirrors the messenger's storage. */
  readonly inboundCursors: readonly bigint[];
  /** Weight of the messages that wait for this shard after this chunk, by the queue at the parent. */
  readonly queuedWeight: bigint;
  /** Transactions executed here: those behind this chunk in the block are counted from the sum. */
  readonly executedCount: number;
  /** Logs of the transactions executed here. */
  readonly logCount: number;
  /** Gas used by the transactions executed here: the last cumulative gas of this chunk's receipts. */
  readonly receiptGas: bigint;
  /** The height up to which this shard's system calls have been run. */
  readonly coveredHeight: bigint;
  readonly producer: ValidatorIndex;
}

/** What a producer sends beside the header so that others can execute the chunk. */
export interface ChunkBody {
  /** Canonical encodings of the transactions taken from the pool, in order (executed here or dispatched). */
  readonly transactions: readonly Uint8Array[];
  readonly accessList: BlockAccessList;
}

/** A chunk as its producer signs and sends it. */
export interface Chunk {
  readonly header: ChunkHeader;
  readonly body: ChunkBody;
  /** BLS, tag 6 over (shard, parent block hash, chunk hash). 192 bytes. */
  readonly signature: Uint8Array;
}

/** What a producer signed, apart from the body: the chunk protocol goes by it, and two for one parent prove a fault. */
export interface ChunkAnnouncement {
  readonly header: ChunkHeader;
  readonly chunkHash: Hash;
  /** Producer's signature, tag 6, 192 bytes. */
  readonly signature: Uint8Array;
}

/** One member's endorsement (tag 5) of one chunk. */
export interface Endorsement {
  readonly shard: ShardId;
  readonly parentBlockHash: Hash;
  readonly chunkHash: Hash;
  readonly signer: ValidatorIndex;
  /** 192 bytes. */
  readonly signature: Uint8Array;
}

/** A committee quorum's endorsement (tag 5) of one chunk. */
export interface EndorsementCertificate {
  readonly shard: ShardId;
  readonly parentBlockHash: Hash;
  readonly chunkHash: Hash;
  /** ceil(n / 8) bytes, bit i (little-endian in the byte) = validator i; no stray bits. */
  readonly bitmap: Uint8Array;
  /** Aggregate signature, 96 bytes. */
  readonly aggregate: Uint8Array;
}

/** A shard's place in a block. New if and only if `header.height` is the block's number. */
export interface BlockChunk {
  readonly header: ChunkHeader;
  /** `null` when the header is the parent's (missing chunk), and for S = 1's canonical empty chunk. */
  readonly certificate: EndorsementCertificate | null;
}

/** What the BFT orders. */
export interface Block {
  readonly header: BlockHeader;
  readonly view: bigint;
  readonly leader: ValidatorIndex;
  /** Leader's BLS signature, tag 7 over (epoch, view). 192 bytes. */
  readonly randaoReveal: Uint8Array;
  /** One per shard, in shard order. */
  readonly chunks: readonly BlockChunk[];
  /** What sees all shards, after the chunks; null if and only if there is one shard. */
  readonly section: Section | null;
}
