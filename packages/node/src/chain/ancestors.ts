import type { AncestorBlock } from '@heddle/execution';
import type { ChainStore } from '@heddle/storage';
import { type BlockHeader, derivedAt, type Hash } from '@heddle/types';
import type { BlockTree } from './block-tree.ts';
import type { ExecutedBlock } from './executed-block.ts';

/** One of them, which may be a derived block of a run. */
interface Ancestor {
  readonly header: BlockHeader;
  readonly hash: Hash;
}

/** Ancestors of one block, through the tree and then the store. Heights at or below `tip.height`. */
export class Ancestors {
  readonly #tree: BlockTree;
  readonly #store: ChainStore;
  readonly #tip: ExecutedBlock;
  /** Ancestors that are not final, from the tip down. */
  readonly #unfinal: readonly ExecutedBlock[];

  constructor(tree: BlockTree, store: ChainStore, tip: ExecutedBlock) {
    this.#tree = tree;
    this.#store = store;
    this.#tip = tip;
    const unfinal: ExecutedBlock[] = [];
    for (let block: ExecutedBlock | null = tip; block !== null; block = this.#tree.parent(block)) unfinal.push(block);
    this.#unfinal = unfinal;
  }

  /** The header of the block at `height` with its hash, or `null` below genesis and above the tip. */
  at(height: bigint): Ancestor | null {
    if (height < 0n || height > this.#tip.height) return null;
    for (const { block, hash, height: own, derived } of this.#unfinal) {
      if (height === own) return { header: block.header, hash };
      const between = derived === null ? null : derivedAt(derived, Number(height - derived.first.number));
      if (between !== null) return between;
    }
    const block = this.#store.blockByNumber(height);
    const hash = this.#store.blockHashByNumber(height);
    return block === null || hash === null ? null : { header: block.header, hash };
  }

  /** What BLOCKHASH and the system calls need of the block at `height`. */
  summary(height: bigint): AncestorBlock | null {
    const found = this.at(height);
    if (found === null) return null;
    const { timestamp, parentBeaconBlockRoot } = found.header;
    return { hash: found.hash, timestamp, parentBeaconBlockRoot };
  }
}
