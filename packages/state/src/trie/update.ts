/**
 * Bulk update of a Merkle-Patricia trie. The changes of a batch are sorted by key and applied in one descent: every
 * node on the way is read once, and every new node is encoded and hashed once, after all changes below it.
 */
import { assert, bytesToHex, compareBytes, EMPTY_BYTES, equalBytes, keccak256 } from '@heddle/primitives';
import { EMPTY_TRIE_ROOT, type Hash } from '@heddle/types';
import { type BranchNode, decodeNode, encodeNode, type NodeReference, type TrieNode } from './node.ts';
import { joinPath, matchingNibbles, nibbleAt, nibblesFrom, sharedNibbles } from './path.ts';

/** Nodes by hash; throws `MissingNodeError`. */
export interface NodeSource {
  node(hash: Hash): Uint8Array;
}

/** One key to set, or to delete where `value` is null. A value is never empty. */
export interface TrieEntry {
  readonly key: Uint8Array;
  readonly value: Uint8Array | null;
}

interface SortableEntry extends TrieEntry {
  /** The key's first six bytes as a number: most comparisons end here. */
  readonly prefix: number;
}

function keyPrefix(key: Uint8Array): number {
  let prefix = 0;
  for (let i = 0; i < 6; i++) prefix = prefix * 256 + (key[i] ?? 0);
  return prefix;
}

function sortEntries(entries: readonly TrieEntry[]): TrieEntry[] {
  const sortable: SortableEntry[] = [];
  for (const { key, value } of entries) sortable.push({ key, value, prefix: keyPrefix(key) });
  return sortable.sort((a, b) => a.prefix - b.prefix || compareBytes(a.key, b.key));
}

/** A child while its parent is being made: already named, or still to be encoded. */
type PendingChild = NodeReference | TrieNode;

function isReference(child: PendingChild): child is NodeReference {
  return child instanceof Uint8Array;
}

class BatchUpdate {
  readonly #source: NodeSource;
  readonly #entries: readonly TrieEntry[];
  readonly #nodes: Map<Hash, Uint8Array>;

  constructor(source: NodeSource, entries: readonly TrieEntry[], nodes: Map<Hash, Uint8Array>) {
    this.#source = source;
    this.#entries = entries;
    this.#nodes = nodes;
  }

  run(root: Hash): Hash {
    const before = root === EMPTY_TRIE_ROOT ? null : decodeNode(this.#source.node(root));
    const last = this.#entries.length;
    const after = before === null ? this.#build(0, 0, last) : this.#update(before, 0, 0, last);
    if (after === before) return root;
    if (after === null) return EMPTY_TRIE_ROOT;
    return this.#store(encodeNode(after)).hash;
  }

  #store(rlp: Uint8Array): { readonly hash: Hash; readonly reference: NodeReference } {
    const reference = keccak256(rlp);
    const hash = bytesToHex(reference);
    this.#nodes.set(hash, rlp);
    return { hash, reference };
  }

  /** Names a finished node: its RLP if that is shorter than a hash, else its hash. */
  #seal(node: TrieNode): NodeReference {
    const rlp = encodeNode(node);
    return rlp.length < 32 ? rlp : this.#store(rlp).reference;
  }

  #resolve(child: PendingChild): TrieNode {
    if (!isReference(child)) return child;
    return decodeNode(child.length < 32 ? child : this.#source.node(bytesToHex(child)));
  }

  #entry(index: number): TrieEntry {
    const entry = this.#entries[index];
    assert(entry !== undefined, 'a batch range lies within its entries');
    return entry;
  }

  /** A subtree of entries [low, high) where there was nothing. Entries share their first `depth` nibbles. */
  #build(depth: number, low: number, high: number): TrieNode | null {
    let first = low;
    let end = high;
    while (first < end && this.#entry(first).value === null) first++;
    while (first < end && this.#entry(end - 1).value === null) end--;
    if (first === end) return null;
    const { key, value } = this.#entry(first);
    if (end - first === 1) return { kind: 'leaf', path: nibblesFrom(key, depth), value: value ?? EMPTY_BYTES };
    const shared = sharedNibbles(key, this.#entry(end - 1).key, depth);
    const branch = this.#fill(null, emptyChildren(), EMPTY_BYTES, depth + shared, first, end);
    return prepend(nibblesFrom(key, depth).subarray(0, shared), branch, (node) => this.#seal(node));
  }

  /** The subtree `node` after entries [low, high); the same object if nothing changed. */
  #update(node: TrieNode, depth: number, low: number, high: number): TrieNode | null {
    if (node.kind === 'branch') return this.#fill(node, [...node.children], node.value, depth, low, high);
    const first = this.#entry(low);
    const { path } = node;
    // Entries are sorted: what the first and the last share with the path, all do.
    const shared = Math.min(
      matchingNibbles(path, first.key, depth),
      matchingNibbles(path, this.#entry(high - 1).key, depth),
    );
    if (shared === path.length && node.kind === 'extension') {
      const before = this.#resolve(node.child);
      const after = this.#update(before, depth + shared, low, high);
      return after === before ? node : prepend(path, after, (child) => this.#seal(child));
    }
    const sameKey = shared === path.length && first.key.length * 2 === depth + shared;
    if (node.kind === 'leaf' && sameKey && high - low === 1) {
      if (first.value === null) return null;
      return equalBytes(first.value, node.value) ? node : { ...node, value: first.value };
    }
    return this.#split(node, shared, depth, low, high);
  }

  /** Puts a branch where `node`'s path and the entries part. */
  #split(
    node: Exclude<TrieNode, BranchNode>,
    shared: number,
    depth: number,
    low: number,
    high: number,
  ): TrieNode | null {
    const { path } = node;
    const children = emptyChildren();
    const rest = path.subarray(shared + 1);
    let value = EMPTY_BYTES;
    if (shared === path.length) {
      assert(node.kind === 'leaf', 'only a leaf ends where its path ends');
      value = node.value;
    } else if (node.kind === 'leaf') {
      children[path[shared] ?? 0] = { kind: 'leaf', path: rest, value: node.value };
    } else {
      children[path[shared] ?? 0] =
        rest.length === 0 ? node.child : { kind: 'extension', path: rest, child: node.child };
    }
    const branch = this.#fill(null, children, value, depth + shared, low, high);
    const after = prepend(path.subarray(0, shared), branch, (child) => this.#seal(child));
    // Deleting keys that were not there leaves the node as it was.
    return after !== null && sameNode(after, node) ? node : after;
  }

  /**
   * Applies entries [low, high) to a branch whose children are `children` (owned by this call). `before` is the node
   * that it was, returned when nothing changed; null when the branch is new.
   */
  #fill(
    before: BranchNode | null,
    children: PendingChild[],
    valueBefore: Uint8Array,
    depth: number,
    low: number,
    high: number,
  ): TrieNode | null {
    let value = valueBefore;
    let changed = before === null;
    let at = low;
    const first = this.#entry(low);
    if (first.key.length * 2 === depth) {
      at++;
      const next = first.value ?? EMPTY_BYTES;
      changed ||= !equalBytes(value, next);
      value = next;
    }
    while (at < high) {
      const nibble = nibbleAt(this.#entry(at).key, depth);
      let end = at + 1;
      while (end < high && nibbleAt(this.#entry(end).key, depth) === nibble) end++;
      const child = children[nibble] ?? EMPTY_BYTES;
      const none = isReference(child) && child.length === 0;
      const childBefore = none ? null : this.#resolve(child);
      const after =
        childBefore === null ? this.#build(depth + 1, at, end) : this.#update(childBefore, depth + 1, at, end);
      if (after !== childBefore) {
        children[nibble] = after ?? EMPTY_BYTES;
        changed = true;
      }
      at = end;
    }
    return changed ? this.#finishBranch(children, value) : before;
  }

  #finishBranch(children: PendingChild[], value: Uint8Array): TrieNode | null {
    let count = 0;
    let only = 0;
    for (let i = 0; i < 16; i++) {
      const child = children[i] ?? EMPTY_BYTES;
      if (isReference(child) && child.length === 0) continue;
      count++;
      only = i;
    }
    if (count === 0) return value.length === 0 ? null : { kind: 'leaf', path: EMPTY_BYTES, value };
    if (count === 1 && value.length === 0) return this.#collapse(only, children[only] ?? EMPTY_BYTES);
    return {
      kind: 'branch',
      children: children.map((child) => (isReference(child) ? child : this.#seal(child))),
      value,
    };
  }

  /** A branch with one child is not allowed: the child takes its place, with one nibble more. */
  #collapse(nibble: number, child: PendingChild): TrieNode {
    const node = this.#resolve(child);
    if (node.kind !== 'branch') return { ...node, path: joinPath(EMPTY_BYTES, nibble, node.path) };
    const reference = isReference(child) ? child : this.#seal(node);
    return { kind: 'extension', path: Uint8Array.of(nibble), child: reference };
  }
}

function emptyChildren(): PendingChild[] {
  return new Array<PendingChild>(16).fill(EMPTY_BYTES);
}

/** `node` behind a shared path; paths of leaves and extensions join, a branch gets an extension. */
function prepend(path: Uint8Array, node: TrieNode | null, seal: (node: TrieNode) => NodeReference): TrieNode | null {
  if (node === null || path.length === 0) return node;
  if (node.kind === 'branch') return { kind: 'extension', path, child: seal(node) };
  const joined = new Uint8Array(path.length + node.path.length);
  joined.set(path);
  joined.set(node.path, path.length);
  return { ...node, path: joined };
}

function sameNode(first: TrieNode, second: Exclude<TrieNode, BranchNode>): boolean {
  if (first.kind === 'leaf' && second.kind === 'leaf') {
    return equalBytes(first.path, second.path) && equalBytes(first.value, second.value);
  }
  if (first.kind === 'extension' && second.kind === 'extension') {
    return equalBytes(first.path, second.path) && equalBytes(first.child, second.child);
  }
  return false;
}

/**
 * Applies `entries` (any order, each key once) to the trie `root` and returns the new root. New nodes go to `nodes` by
 * hash; the root node is always among them, however short. Throws `MissingNodeError`, `InvalidTrieNodeError`.
 */
export function updateTrie(
  source: NodeSource,
  root: Hash,
  entries: readonly TrieEntry[],
  nodes: Map<Hash, Uint8Array>,
): Hash {
  if (entries.length === 0) return root;
  return new BatchUpdate(source, sortEntries(entries), nodes).run(root);
}
