import { GENESIS_HASH, hashBlock } from '@heddle/consensus/testing';
import type { Block, Hash } from '@heddle/types';

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
