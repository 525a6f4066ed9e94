import { assert } from '@heddle/primitives';
import { decidedParentOf, type Hash } from '@heddle/types';
import type { ExecutedBlock } from './executed-block.ts';

/**
 * The executed blocks that are not final yet, hanging from the last final one.
 * Everything that does not descend from the final block is forgotten when that moves.
 */
export class BlockTree {
  #root: ExecutedBlock;
  readonly #blocks = new Map<Hash, ExecutedBlock>();

  constructor(root: ExecutedBlock) {
    this.#root = root;
  }

  /** The last final block. */
  get root(): ExecutedBlock {
    return this.#root;
  }

  get size(): number {
    return this.#blocks.size;
  }

  get(hash: Hash): ExecutedBlock | null {
    if (hash === this.#root.hash) return this.#root;
    return this.#blocks.get(hash) ?? null;
  }

  /** The parent has to be in the tree. */
  add(block: ExecutedBlock): void {
    assert(this.get(decidedParentOf(block.block)) !== null, `block ${block.hash} was executed without its parent`);
    this.#blocks.set(block.hash, block);
  }

  /** The parent of a block of the tree; `null` for the root. */
  parent(block: ExecutedBlock): ExecutedBlock | null {
    return block.hash === this.#root.hash ? null : this.get(decidedParentOf(block.block));
  }

  /** The executed blocks right on top of `hash`. */
  children(hash: Hash): readonly ExecutedBlock[] {
    return [...this.#blocks.values()].filter((block) => decidedParentOf(block.block) === hash);
  }

  /** The blocks after the root up to and including `hash`, oldest first; `null` when `hash` is not in the tree. */
  pathFromRoot(hash: Hash): readonly ExecutedBlock[] | null {
    const path: ExecutedBlock[] = [];
    for (let block = this.get(hash); block !== null; block = this.parent(block)) {
      if (block.hash === this.#root.hash) return path.reverse();
      path.push(block);
    }
    return null;
  }

  /** Makes a child of the root the new root and drops its siblings with their descendants. */
  advance(next: ExecutedBlock): void {
    assert(decidedParentOf(next.block) === this.#root.hash, `block ${next.hash} does not follow the final block`);
    this.#blocks.delete(next.hash);
    this.#root = next;
    for (const [hash, block] of this.#blocks) {
      if (block.height <= next.height) this.#blocks.delete(hash);
    }
    this.#dropOrphans();
  }

  #dropOrphans(): void {
    let dropped = true;
    while (dropped) {
      dropped = false;
      for (const [hash, block] of this.#blocks) {
        if (this.get(decidedParentOf(block.block)) === null) {
          this.#blocks.delete(hash);
          dropped = true;
        }
      }
    }
  }
}
