import { EMPTY_BYTES, hexToBytes } from '@heddle/primitives';
import { EMPTY_TRIE_ROOT, type Hash } from '@heddle/types';
import { decodeNode, type NodeReference } from './node.ts';
import { matchingNibbles, nibbleAt } from './path.ts';
import type { NodeSource } from './update.ts';

/** One step down from a node: the value found, or the child to go on with; both empty when the key is not there. */
interface Step {
  readonly value: Uint8Array;
  readonly child: NodeReference;
  readonly depth: number;
}

const DEAD_END: Step = { value: EMPTY_BYTES, child: EMPTY_BYTES, depth: 0 };

function descend(rlp: Uint8Array, key: Uint8Array, depth: number): Step {
  const node = decodeNode(rlp);
  if (node.kind === 'branch') {
    if (key.length * 2 === depth) return { value: node.value, child: EMPTY_BYTES, depth };
    return { value: EMPTY_BYTES, child: node.children[nibbleAt(key, depth)] ?? EMPTY_BYTES, depth: depth + 1 };
  }
  const { path } = node;
  if (matchingNibbles(path, key, depth) < path.length) return DEAD_END;
  if (node.kind === 'extension') return { value: EMPTY_BYTES, child: node.child, depth: depth + path.length };
  return key.length * 2 === depth + path.length ? { value: node.value, child: EMPTY_BYTES, depth } : DEAD_END;
}

/**
 * Walks from `root` to `key`, calling `visit` with every node that has its own hash, root first (nodes that are
 * embedded in their parent are part of it). Returns the value, or `null` where the key is not in the trie.
 */
export function walkTrie(
  source: Pick<NodeSource, 'node'>,
  root: Hash,
  key: Uint8Array,
  visit: (rlp: Uint8Array) => void,
): Uint8Array | null {
  if (root === EMPTY_TRIE_ROOT) return null;
  let rlp = source.node(hexToBytes(root));
  visit(rlp);
  for (let depth = 0; ; ) {
    const step = descend(rlp, key, depth);
    if (step.value.length > 0) return step.value;
    if (step.child.length === 0) return null;
    rlp = step.child;
    depth = step.depth;
    if (rlp.length === 32) {
      rlp = source.node(rlp);
      visit(rlp);
    }
  }
}

/** The value at `key` in the trie `root`, or `null`. Throws `MissingNodeError`, `InvalidTrieNodeError`. */
export function readTrie(source: Pick<NodeSource, 'node'>, root: Hash, key: Uint8Array): Uint8Array | null {
  return walkTrie(source, root, key, () => {});
}
