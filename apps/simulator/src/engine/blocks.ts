import { BLS_AGGREGATE_BYTES, bytesToBigint, bytesToHex, sha256, utf8ToBytes } from '@heddle/primitives';
import { type Block, EMPTY_BLOOM, type Hash, type ValidatorIndex, ZERO_ADDRESS, ZERO_HASH } from '@heddle/types';
import type { BlockCraft } from '../actors/speaker.ts';

export const GENESIS_HASH: Hash = `0x${'11'.repeat(32)}`;

/** A block that only consensus looks at: a parent, a height, and a `salt` that makes siblings. */
export function makeBlock(view: bigint, leader: ValidatorIndex, parentHash: Hash, number: bigint, salt: number): Block {
  return {
    header: {
      parentHash,
      ommersHash: ZERO_HASH,
      coinbase: ZERO_ADDRESS,
      stateRoot: ZERO_HASH,
      transactionsRoot: ZERO_HASH,
      receiptsRoot: ZERO_HASH,
      logsBloom: EMPTY_BLOOM,
      difficulty: 0n,
      number,
      gasLimit: BigInt(salt),
      gasUsed: 0n,
      timestamp: 0n,
      extraData: EXTRA_DATA,
      mixHash: ZERO_HASH,
      nonce: NONCE,
      baseFeePerGas: 0n,
      withdrawalsRoot: ZERO_HASH,
      blobGasUsed: 0n,
      excessBlobGas: 0n,
      parentBeaconBlockRoot: ZERO_HASH,
      requestsHash: ZERO_HASH,
    },
    view,
    leader,
    randaoReveal: RANDAO_REVEAL,
    chunks: [],
  };
}

/** Over the fields that `makeBlock` lets vary. */
export function hashBlock({ header, view, leader }: Block): Hash {
  const text = `${header.parentHash}|${header.number}|${header.gasLimit}|${view}|${leader}`;
  return bytesToHex(sha256(utf8ToBytes(text)));
}

/** Siblings are as valid as the block itself. */
export const ENGINE_BLOCKS: BlockCraft = {
  hash: hashBlock,
  sibling: (block, mark) => {
    const gasLimit = block.header.gasLimit + bytesToBigint(utf8ToBytes(mark));
    return { ...block, header: { ...block.header, gasLimit } };
  },
};

/** Every block made in a run: what a validator could fetch, whoever holds it. */
export class BlockStore {
  readonly #blocks = new Map<Hash, Block>();

  get(hash: Hash): Block | undefined {
    return this.#blocks.get(hash);
  }

  add(hash: Hash, block: Block): void {
    this.#blocks.set(hash, block);
  }

  /** Height of the child of `parentHash`; 1 above the genesis. */
  heightAbove(parentHash: Hash): bigint {
    return (this.#blocks.get(parentHash)?.header.number ?? 0n) + 1n;
  }

  /** What execution would say of a block: a known parent, the right height, the promised hash. */
  isValid(block: Block, parentHash: Hash, blockHash: Hash): boolean {
    const { header } = block;
    const known = parentHash === GENESIS_HASH || this.#blocks.has(parentHash);
    if (!known || header.parentHash !== parentHash || hashBlock(block) !== blockHash) return false;
    return header.number === this.heightAbove(parentHash);
  }
}

const EXTRA_DATA = new Uint8Array(32);
const NONCE = new Uint8Array(8);
const RANDAO_REVEAL = new Uint8Array(BLS_AGGREGATE_BYTES);
