import type { AncestorBlock } from '@heddle/execution';
import type { ChainStore } from '@heddle/storage';
import type { Block, Hash } from '@heddle/types';
import type { BlockTree } from './block-tree.ts';
import type { ExecutedBlock } from './executed-block.ts';

/** Ancestors of one block, through the tree and then the store. Heights at or below `tip.height`. */
export class Ancestors {
  readonly #tree: BlockTree;
  readonly #store: ChainStore;
  readonly #tip: ExecutedBlock;
  /** Not final ancestors by height, the tip included. */
  readonly #unfinal: ReadonlyMap<bigint, { readonly block: Block; readonly hash: Hash }>;

  constructor(tree: BlockTree, store: ChainStore, tip: ExecutedBlock) {
    this.#tree = tree;
    this.#store = store;
    this.#tip = tip;
    const unfinal = new Map<bigint, { readonly block: Block; readonly hash: Hash }>();
    for (let block: ExecutedBlock | null = tip; block !== null; block = this.#tree.parent(block)) {
      unfinal.set(block.height, block);
    }
    this.#unfinal = unfinal;
  }

  /** The block at `height` with its hash, or `null` below genesis and above the tip. */
  at(height: bigint): { readonly block: Block; readonly hash: Hash } | null {
    if (height < 0n || height > this.#tip.height) return null;
    const unfinal = this.#unfinal.get(height);
    if (unfinal !== undefined) return unfinal;
    const block = this.#store.blockByNumber(height);
    const hash = this.#store.blockHashByNumber(height);
    return block === null || hash === null ? null : { block, hash };
  }

  /** What BLOCKHASH and the system calls need of the block at `height`. */
  summary(height: bigint): AncestorBlock | null {
    const found = this.at(height);
    if (found === null) return null;
    return {
      hash: found.hash,
      timestamp: found.block.header.timestamp,
      parentBeaconBlockRoot: found.block.header.parentBeaconBlockRoot,
    };
  }
}
