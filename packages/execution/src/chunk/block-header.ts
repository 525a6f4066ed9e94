import { bytesToHex, concatBytes, hexToBytes, ImpossibleStateError, keccak256 } from '@heddle/primitives';
import type { Address, BlockChunk, BlockHeader, ChunkHeader, Hash, SectionHeader, ValidatorIndex } from '@heddle/types';
import {
  blockExtraData,
  EMPTY_BLOOM,
  EMPTY_OMMERS_HASH,
  EMPTY_REQUESTS_HASH,
  EMPTY_TRIE_ROOT,
  hashBlockHeader,
  mergeBlooms,
} from '@heddle/types';

/** What a block header says of the section. */
export interface SectionInBlock {
  readonly header: SectionHeader;
  /** COINBASE of the section: the leader's fee recipient. */
  readonly coinbase: Address;
}

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
  readonly chunks: readonly BlockChunk[];
  /** With one shard only a control block has one. */
  readonly section: SectionInBlock | null;
  /** What a devnet's owner had set before this block; null: the sum of the parts'. */
  readonly gasLimit: bigint | null;
}

/** mix = keccak256(parent's mixHash ‖ parent's reveal). */
export function mixRandao(parentMix: Hash, parentReveal: Uint8Array): Hash {
  return bytesToHex(keccak256(concatBytes(hexToBytes(parentMix), parentReveal)));
}

/**
 * The Ethereum header over one chunk header a shard, and the section. With one shard it repeats the chunk's; with more,
 * roots commit to the shards' in shard order and then the section's, gas fields are sums, the base fee is the maximum,
 * the coinbase is the section's. A missing shard has empty roots and bloom and no gas used; its gas limit and base fee
 * still count, since they say what the network can take.
 */
export function assembleBlockHeader(parts: BlockParts): BlockHeader {
  const { parent, section } = parts;
  const number = parent.number + 1n;
  const chunks = parts.chunks.map(({ header }) => header);
  const fresh = chunks.filter((chunk) => chunk.height === number);
  // With one shard the chunk is the block: a control block's section has a state, and nothing else of its own.
  const sections = section === null || chunks.length === 1 ? [] : [section];
  const bodies = [...chunks.map((chunk) => bodyOf(chunk, number)), ...sections.map(({ header }) => header)];
  const limits = [...chunks, ...sections.map(({ header }) => header)];
  return {
    parentHash: hashBlockHeader(parent),
    ommersHash: EMPTY_OMMERS_HASH,
    coinbase: sections[0]?.coinbase ?? only(chunks).coinbase,
    stateRoot: commitRoots(section === null ? chunks.map((chunk) => chunk.stateRoot) : section.header.stateRoots),
    transactionsRoot: commitRoots(bodies.map(({ transactionsRoot }) => transactionsRoot)),
    receiptsRoot: commitRoots(bodies.map(({ receiptsRoot }) => receiptsRoot)),
    logsBloom: mergeBlooms(bodies.map(({ logsBloom }) => logsBloom)),
    difficulty: 0n,
    number,
    gasLimit: parts.gasLimit ?? sum(limits.map(({ gasLimit }) => gasLimit)),
    gasUsed: sum(bodies.map(({ gasUsed }) => gasUsed)),
    timestamp: blockTimestamp(parent, fresh),
    extraData: blockExtraData(parts.view, parts.leader, parts.randaoReveal, parts.chunks, section?.header ?? null),
    mixHash: parts.prevRandao,
    nonce: new Uint8Array(8),
    baseFeePerGas: limits.reduce((highest, { baseFeePerGas }) => max(highest, baseFeePerGas), 0n),
    withdrawalsRoot: EMPTY_TRIE_ROOT,
    blobGasUsed: 0n,
    excessBlobGas: 0n,
    parentBeaconBlockRoot: parts.parentBeaconBlockRoot,
    requestsHash: EMPTY_REQUESTS_HASH,
  };
}

/** Seconds: the latest of the block's new chunks, or the parent's if there is none. The section's too. */
export function blockTimestamp(parent: Pick<BlockHeader, 'timestamp'>, fresh: readonly ChunkHeader[]): bigint {
  return fresh.reduce((latest, chunk) => max(latest, chunk.timestamp), parent.timestamp);
}

type Body = Pick<ChunkHeader, 'transactionsRoot' | 'receiptsRoot' | 'logsBloom' | 'gasUsed'>;

const NO_BODY: Body = {
  transactionsRoot: EMPTY_TRIE_ROOT,
  receiptsRoot: EMPTY_TRIE_ROOT,
  logsBloom: EMPTY_BLOOM,
  gasUsed: 0n,
};

/** What a chunk adds to the block at `number`: nothing if it is an older block's. */
function bodyOf(chunk: ChunkHeader, number: bigint): Body {
  return chunk.height === number ? chunk : NO_BODY;
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
