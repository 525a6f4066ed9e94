import { beforeEach, describe, expect, test } from '@jest/globals';
import { BlockTree } from '../src/chain/block-tree.ts';
import type { ExecutedBlock } from '../src/chain/executed-block.ts';
import { emptyBlock } from './support/blocks.ts';

/**
 * ```
 * root ─ a1 ─ a2 ─ a3
 *      │    └ b2
 *      └ c1 ─ c2 ─ c3
 * ```
 */
let tree: BlockTree;
const root = emptyBlock(null);
const a1 = emptyBlock(root, 1);
const a2 = emptyBlock(a1, 1);
const a3 = emptyBlock(a2, 1);
const b2 = emptyBlock(a1, 2);
const c1 = emptyBlock(root, 3);
const c2 = emptyBlock(c1, 3);
const c3 = emptyBlock(c2, 3);

beforeEach(() => {
  tree = new BlockTree(root);
  for (const block of [a1, a2, a3, b2, c1, c2, c3]) tree.add(block);
});

function held(): readonly ExecutedBlock[] {
  return [root, a1, a2, a3, b2, c1, c2, c3].filter((block) => tree.get(block.hash) !== null);
}

describe('what hangs where', () => {
  test('a block is found by its hash, the root included', () => {
    expect(held()).toEqual([root, a1, a2, a3, b2, c1, c2, c3]);
    expect(tree.get(emptyBlock(a3).hash)).toBeNull();
    expect(tree.size).toBe(7);
  });

  test('parents go up to the root and no further', () => {
    expect(tree.parent(b2)).toBe(a1);
    expect(tree.parent(a1)).toBe(root);
    expect(tree.parent(root)).toBeNull();
  });

  test('children are those right on top', () => {
    expect(tree.children(root.hash)).toEqual([a1, c1]);
    expect(tree.children(a1.hash)).toEqual([a2, b2]);
    expect(tree.children(a3.hash)).toEqual([]);
  });

  test('the path from the root leaves the root out and ends in the block', () => {
    expect(tree.pathFromRoot(a3.hash)).toEqual([a1, a2, a3]);
    expect(tree.pathFromRoot(b2.hash)).toEqual([a1, b2]);
    expect(tree.pathFromRoot(root.hash)).toEqual([]);
    expect(tree.pathFromRoot(emptyBlock(a3).hash)).toBeNull();
  });

  test('a block without its parent is an impossible state', () => {
    expect(() => tree.add(emptyBlock(emptyBlock(a3)))).toThrow(expect.objectContaining({ code: 'IMPOSSIBLE_STATE' }));
  });
});

describe('a new final block', () => {
  test('drops the siblings with all that hangs from them, and keeps its own', () => {
    tree.advance(a1);
    expect(tree.root).toBe(a1);
    expect(held()).toEqual([a1, a2, a3, b2]);
    expect(tree.size).toBe(3);
    tree.advance(a2);
    expect(held()).toEqual([a2, a3]);
    tree.advance(a3);
    expect(held()).toEqual([a3]);
    expect(tree.size).toBe(0);
  });

  test('takes the place of what the tree held under its hash', () => {
    const settled = { ...a1, shards: [] };
    tree.advance(settled);
    expect(tree.get(a1.hash)).toBe(settled);
    expect(tree.pathFromRoot(a3.hash)).toEqual([a2, a3]);
  });

  test('need not have been in the tree', () => {
    const other = emptyBlock(root, 9);
    tree.advance(other);
    expect(tree.root).toBe(other);
    expect(tree.size).toBe(0);
  });

  test('has to follow the last one', () => {
    expect(() => tree.advance(a2)).toThrow(expect.objectContaining({ code: 'IMPOSSIBLE_STATE' }));
    expect(tree.root).toBe(root);
  });
});
