import { bytesToHex, concatBytes, hexToBytes, ImpossibleStateError, keccak256 } from '@heddle/primitives';
import type { BlockHeader, CertifiedHeader, ChunkHeader, Hash, ValidatorIndex } from '@heddle/types';
import {
  blockExtraData,
  EMPTY_BLOOM,
  EMPTY_OMMERS_HASH,
  EMPTY_REQUESTS_HASH,
  EMPTY_TRIE_ROOT,
  hashBlockHeader,
  mergeBlooms,
  ZERO_ADDRESS,
} from '@heddle/types';

/** What a block header is made of. */
export interface BlockParts {
  readonly parent: BlockHeader;
  /** PREVRANDAO of the block: `mixRandao(parent's mixHash, parent's reveal)`. */
  readonly prevRandao: Hash;
  /** Hash of the validator set that certifies the children. */
  readonly parentBeaconBlockRoot: Hash;
  readonly view: bigint;
  readonly leader: ValidatorIndex;
  /** 192 bytes. */
  readonly randaoReveal: Uint8Array;
  /**
   * One per shard, in shard order. A header is new if and only if its `height` is the block's; otherwise it is the
   * parent's, byte for byte.
   */
  readonly chunks: readonly CertifiedHeader[];
}

/** mix = keccak256(parent's mixHash ‖ parent's reveal). */
export function mixRandao(parentMix: Hash, parentReveal: Uint8Array): Hash {
  return bytesToHex(keccak256(concatBytes(hexToBytes(parentMix), parentReveal)));
}

/**
 * The Ethereum header over one chunk header a shard. With one shard it repeats the chunk's; with more, roots commit to
 * the shards' in shard order, gas fields are sums, the base fee is the maximum. A missing shard has empty roots and
 * bloom and no gas used; its gas limit and base fee still count, since they say what the network can take.
 */
export function assembleBlockHeader(parts: BlockParts): BlockHeader {
  const { parent } = parts;
  const chunkHeaders = parts.chunks.map(({ header }) => header);
  const number = parent.number + 1n;
  const fresh = chunkHeaders.filter((chunk) => chunk.height === number);
  const isFresh = (chunk: ChunkHeader): boolean => chunk.height === number;
  return {
    parentHash: hashBlockHeader(parent),
    ommersHash: EMPTY_OMMERS_HASH,
    coinbase: chunkHeaders.length === 1 ? only(chunkHeaders).coinbase : ZERO_ADDRESS,
    stateRoot: commitRoots(chunkHeaders.map((chunk) => chunk.stateRoot)),
    transactionsRoot: commitRoots(chunkHeaders.map((c) => (isFresh(c) ? c.transactionsRoot : EMPTY_TRIE_ROOT))),
    receiptsRoot: commitRoots(chunkHeaders.map((c) => (isFresh(c) ? c.receiptsRoot : EMPTY_TRIE_ROOT))),
    logsBloom: fresh.length === 0 ? EMPTY_BLOOM : mergeBlooms(fresh.map((chunk) => chunk.logsBloom)),
    difficulty: 0n,
    number,
    gasLimit: sum(chunkHeaders.map((chunk) => chunk.gasLimit)),
    gasUsed: sum(fresh.map((chunk) => chunk.gasUsed)),
    timestamp: fresh.reduce((latest, chunk) => max(latest, chunk.timestamp), parent.timestamp),
    extraData: blockExtraData(parts.view, parts.leader, parts.randaoReveal, parts.chunks),
    mixHash: parts.prevRandao,
    nonce: new Uint8Array(8),
    baseFeePerGas: chunkHeaders.reduce((highest, chunk) => max(highest, chunk.baseFeePerGas), 0n),
    withdrawalsRoot: EMPTY_TRIE_ROOT,
    blobGasUsed: 0n,
    excessBlobGas: 0n,
    parentBeaconBlockRoot: parts.parentBeaconBlockRoot,
    requestsHash: EMPTY_REQUESTS_HASH,
  };
}

/** One shard's root stands for itself; several are committed to by keccak256 of their concatenation, in shard order. */
export function commitRoots(roots: readonly Hash[]): Hash {
  if (roots.length === 1) return only(roots);
  return bytesToHex(keccak256(concatBytes(...roots.map((root) => hexToBytes(root)))));
}

function only<T>(items: readonly T[]): T {
  const item = items[0];
  if (item === undefined) throw new ImpossibleStateError('a block has at least one shard');
  return item;
}

function sum(values: readonly bigint[]): bigint {
  return values.reduce((total, value) => total + value, 0n);
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
