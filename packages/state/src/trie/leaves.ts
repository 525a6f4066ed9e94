import { equalBytes, keccak256 } from '@heddle/primitives';
import { decodeNode, type TrieNode } from './node.ts';

/** Who walks a whole trie: where its nodes are, and what is told on the way. */
export interface TrieWalk {
  /** A node by its hash; undefined where it is missing. */
  readonly node: (hash: Uint8Array) => Uint8Array | undefined;
  /** `key`: 32 bytes, the hash under which the value lies. */
  readonly leaf: (key: Uint8Array, value: Uint8Array) => void;
  /** What is below a node that is missing, or is not what its hash names, is not walked. */
  readonly broken: (hash: Uint8Array, reason: string) => void;
}

interface Place {
  readonly reference: Uint8Array;
  /** Nibbles of the key down to here. */
  readonly path: readonly number[];
}

/** Every leaf of the secure trie with this root, and every node compared with its hash. */
export function walkTrie(root: Uint8Array, walk: TrieWalk): void {
  const waiting: Place[] = [{ reference: root, path: [] }];
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    const node = nodeAt(place.reference, walk);
    if (node === null) continue;
    const { path } = place;
    if (node.kind === 'leaf') {
      walk.leaf(packed([...path, ...node.path]), node.value);
      continue;
    }
    if (node.kind === 'extension') {
      waiting.push({ reference: node.child, path: [...path, ...node.path] });
      continue;
    }
    for (const [nibble, reference] of node.children.entries()) {
      if (reference.length > 0) waiting.push({ reference, path: [...path, nibble] });
    }
  }
}

/** A reference below 32 bytes is the node itself. */
function nodeAt(reference: Uint8Array, walk: TrieWalk): TrieNode | null {
  const isInline = reference.length < 32;
  const rlp = isInline ? reference : walk.node(reference);
  if (rlp === undefined) {
    walk.broken(reference, 'is missing');
    return null;
  }
  if (!isInline && !equalBytes(keccak256(rlp), reference)) {
    walk.broken(reference, 'is not what its hash names');
    return null;
  }
  return decodeNode(rlp);
}

function packed(nibbles: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(nibbles.length >>> 1);
  for (let i = 0; i < bytes.length; i++) bytes[i] = ((nibbles[2 * i] ?? 0) << 4) | (nibbles[2 * i + 1] ?? 0);
  return bytes;
}
