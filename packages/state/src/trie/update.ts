/**
 * Bulk update of a Merkle-Patricia trie. The changes of a batch are sorted by key and applied in one descent: every
 * node on the way is read once, and every new node is encoded and hashed once, after all changes below it.
 */
import {
  bytesToHex,
  EMPTY_BYTES,
  equalBytes,
  hexToBytes,
  ImpossibleStateError,
  keccak256,
  withoutPauses,
} from '@heddle/primitives';
import { EMPTY_TRIE_ROOT, type Hash } from '@heddle/types';
import { InvalidTrieNodeError } from '../errors.ts';
import { STEP_ENTRIES } from '../limits.ts';
import { decodeNode, hashedChildren, type NodeReference, nodeSize, type TrieNode, writeNode } from './node.ts';
import { intoTable, type NodeSink } from './node-journal.ts';
import type { NodeTable } from './node-table.ts';
import { joinPath, matchingNibbles, nibbleAt, nibblesFrom, sharedNibbles } from './path.ts';
import { sortEntries, type TrieEntry } from './sort.ts';

/** Nodes by hash. */
export interface NodeSource {
  /** Throws `MissingNodeError`. */
  node(hash: Uint8Array): Uint8Array;
  /** The same for nodes that lie in memory; `undefined` = it is not there, or not there yet. */
  nodeAtHand(hash: Uint8Array): Uint8Array | undefined;
}

/** A child while its parent is being made: already named, or still to be encoded. */
type PendingChild = NodeReference | TrieNode;

function isReference(child: PendingChild): child is NodeReference {
  return child instanceof Uint8Array;
}

function isNone(child: PendingChild): boolean {
  return isReference(child) && child.length === 0;
}

/** A branch that is being changed, behind `path`. Its children are its own. */
interface OpenBranch {
  readonly path: Uint8Array;
  readonly children: PendingChild[];
  value: Uint8Array;
  /** The hash of the branch behind an extension that was opened with it; empty = there was none with a hash. */
  readonly behind: Uint8Array;
  /** Entries that go through it share their first `depth` nibbles. */
  readonly depth: number;
  changed: boolean;
}

class BatchUpdate {
  readonly #source: NodeSource;
  readonly #entries: readonly TrieEntry[];
  readonly #nodes: NodeSink;

  constructor(source: NodeSource, entries: readonly TrieEntry[], nodes: NodeSink) {
    this.#source = source;
    this.#entries = entries;
    this.#nodes = nodes;
  }

  *run(root: Hash): Generator<void, Hash> {
    const before = root === EMPTY_TRIE_ROOT ? null : decodeNode(this.#source.node(hexToBytes(root)));
    const after = yield* this.#updateInSteps(before, 0, 0, this.#entries.length);
    if (after === before) return root;
    if (before !== null) this.#nodes.drop(hexToBytes(root));
    if (after === null) return EMPTY_TRIE_ROOT;
    return bytesToHex(this.#store(after, nodeSize(after)));
  }

  /** Encodes and hashes a finished node. */
  #store(node: TrieNode, size: number): Uint8Array {
    const rlp = this.#nodes.draft(size);
    writeNode(node, rlp);
    const hash = keccak256(rlp);
    this.#nodes.keep(hash, size);
    return hash;
  }

  /** Names a finished node: its RLP if that is shorter than a hash, else its hash. */
  #seal(node: TrieNode): NodeReference {
    const size = nodeSize(node);
    if (size >= 32) return this.#store(node, size);
    const rlp = new Uint8Array(size);
    writeNode(node, rlp);
    return rlp;
  }

  /** The new trie has something else where the old one had `child`. */
  #drop(child: PendingChild): void {
    if (isReference(child) && child.length === 32) this.#nodes.drop(child);
  }

  #resolve(child: PendingChild): TrieNode {
    if (!isReference(child)) return child;
    return decodeNode(child.length < 32 ? child : this.#source.node(child));
  }

  #entry(index: number): TrieEntry {
    const entry = this.#entries[index];
    if (entry === undefined) throw new ImpossibleStateError('a batch range lies within its entries');
    return entry;
  }

  /** As `#update`, with a pause behind every so many entries: down to where few are left it branches by itself. */
  *#updateInSteps(node: TrieNode | null, depth: number, low: number, high: number): Generator<void, TrieNode | null> {
    if (high - low <= STEP_ENTRIES) {
      const after = this.#update(node, depth, low, high);
      // Of a trie with few entries the caller keeps count.
      if (depth > 0) yield;
      return after;
    }
    const open = node === null ? this.#openNew(depth, low, high) : this.#open(node, depth, low, high);
    for (let at = this.#startOf(open, low); at < high; ) {
      const end = this.#groupEnd(at, high, open.depth);
      const before = this.#child(open, at, end);
      this.#setChild(open, at, before, yield* this.#updateInSteps(before, open.depth + 1, at, end));
      at = end;
    }
    return this.#close(open, node);
  }

  /**
   * The subtree `node` (null: there was nothing) after entries [low, high), which share their first `depth` nibbles; the
   * same object if nothing changed.
   */
  #update(node: TrieNode | null, depth: number, low: number, high: number): TrieNode | null {
    if (node === null) return this.#build(depth, low, high);
    if (node.kind === 'leaf' && high - low === 1) {
      const { key, value } = this.#entry(low);
      if (isRestOf(node.path, key, depth)) {
        if (value === null) return null;
        return equalBytes(value, node.value) ? node : { kind: 'leaf', path: node.path, value };
      }
    }
    return this.#fill(this.#open(node, depth, low, high), node, low, high);
  }

  /** A subtree of entries where there was nothing. */
  #build(depth: number, low: number, high: number): TrieNode | null {
    if (high - low > 1) return this.#fill(this.#openNew(depth, low, high), null, low, high);
    const { key, value } = this.#entry(low);
    return value === null ? null : { kind: 'leaf', path: nibblesFrom(key, depth), value };
  }

  /** Applies entries [low, high) to a branch that `before` was opened to. */
  #fill(open: OpenBranch, before: TrieNode | null, low: number, high: number): TrieNode | null {
    for (let at = this.#startOf(open, low); at < high; ) {
      const end = this.#groupEnd(at, high, open.depth);
      const child = this.#child(open, at, end);
      this.#setChild(open, at, child, this.#update(child, open.depth + 1, at, end));
      at = end;
    }
    return this.#close(open, before);
  }

  /** An empty branch where the first and the last entry part. */
  #openNew(depth: number, low: number, high: number): OpenBranch {
    const { key } = this.#entry(low);
    const shared = sharedNibbles(key, this.#entry(high - 1).key, depth);
    const path = nibblesFrom(key, depth).subarray(0, shared);
    const children = emptyChildren();
    return { path, children, value: EMPTY_BYTES, behind: EMPTY_BYTES, depth: depth + shared, changed: false };
  }

  /** `node` as a branch where the entries part from one another or from its path. */
  #open(node: TrieNode, depth: number, low: number, high: number): OpenBranch {
    if (node.kind === 'branch') {
      const { children, value } = node;
      return { path: EMPTY_BYTES, children: [...children], value, behind: EMPTY_BYTES, depth, changed: false };
    }
    const { path } = node;
    // Entries are sorted: what the first and the last share with the path, all do.
    const shared = Math.min(
      matchingNibbles(path, this.#entry(low).key, depth),
      matchingNibbles(path, this.#entry(high - 1).key, depth),
    );
    const open = { path: path.subarray(0, shared), behind: EMPTY_BYTES, depth: depth + shared, changed: false };
    if (shared === path.length) {
      if (node.kind === 'leaf') return { ...open, children: emptyChildren(), value: node.value };
      const branch = this.#resolve(node.child);
      if (branch.kind !== 'branch') throw new InvalidTrieNodeError('an extension does not lead to a branch');
      return { ...open, children: [...branch.children], value: branch.value, behind: node.child };
    }
    const children = emptyChildren();
    const rest = path.subarray(shared + 1);
    if (node.kind === 'leaf') children[path[shared] ?? 0] = { kind: 'leaf', path: rest, value: node.value };
    else if (rest.length === 0) children[path[shared] ?? 0] = node.child;
    else children[path[shared] ?? 0] = { kind: 'extension', path: rest, child: node.child };
    return { ...open, children, value: EMPTY_BYTES };
  }

  /** The first entry that goes on below the branch: the one before it may end here and sets the branch's value. */
  #startOf(open: OpenBranch, low: number): number {
    const { key, value } = this.#entry(low);
    if (key.length * 2 !== open.depth) return low;
    const after = value ?? EMPTY_BYTES;
    if (!equalBytes(open.value, after)) {
      open.value = after;
      open.changed = true;
    }
    return low + 1;
  }

  /** Behind the entries that take the same child as the one at `at`. */
  #groupEnd(at: number, high: number, depth: number): number {
    const nibble = nibbleAt(this.#entry(at).key, depth);
    let end = at + 1;
    while (end < high && nibbleAt(this.#entry(end).key, depth) === nibble) end++;
    return end;
  }

  /** The child that entries [at, end) go through. */
  #child(open: OpenBranch, at: number, end: number): TrieNode | null {
    const entry = this.#entry(at);
    const child = open.children[nibbleAt(entry.key, open.depth)] ?? EMPTY_BYTES;
    if (isNone(child)) return null;
    if (entry.before === null || end - at > 1 || !isReference(child) || child.length < 32) return this.#resolve(child);
    const atHand = this.#source.nodeAtHand(child);
    if (atHand !== undefined) return decodeNode(atHand);
    return this.#leafWith(child, entry.key, open.depth + 1, entry.before()) ?? this.#resolve(child);
  }

  /**
   * The leaf of a key whose value is known, if that leaf is what `hash` names. To make and hash it costs a tenth of
   * reading it from a disk.
   */
  #leafWith(hash: Uint8Array, key: Uint8Array, depth: number, value: Uint8Array): TrieNode | null {
    const leaf: TrieNode = { kind: 'leaf', path: nibblesFrom(key, depth), value };
    const rlp = this.#nodes.draft(nodeSize(leaf));
    writeNode(leaf, rlp);
    return equalBytes(keccak256(rlp), hash) ? leaf : null;
  }

  #setChild(open: OpenBranch, at: number, before: TrieNode | null, after: TrieNode | null): void {
    if (after === before) return;
    const nibble = nibbleAt(this.#entry(at).key, open.depth);
    this.#drop(open.children[nibble] ?? EMPTY_BYTES);
    open.children[nibble] = after ?? EMPTY_BYTES;
    open.changed = true;
  }

  /** The node that a branch has become; `before` if it has not changed. */
  #close(open: OpenBranch, before: TrieNode | null): TrieNode | null {
    if (!open.changed) return before;
    this.#drop(open.behind);
    return prepend(open.path, this.#finishBranch(open), (node) => this.#seal(node));
  }

  #finishBranch({ children, value }: OpenBranch): TrieNode | null {
    let count = 0;
    let only = 0;
    for (let i = 0; i < 16; i++) {
      if (isNone(children[i] ?? EMPTY_BYTES)) continue;
      count++;
      only = i;
    }
    if (count === 0) return value.length === 0 ? null : { kind: 'leaf', path: EMPTY_BYTES, value };
    if (count === 1 && value.length === 0) return this.#collapse(only, children[only] ?? EMPTY_BYTES);
    const references: NodeReference[] = [];
    for (const child of children) references.push(isReference(child) ? child : this.#seal(child));
    return { kind: 'branch', children: references, value };
  }

  /** A branch with one child is not allowed: the child takes its place, with one nibble more. */
  #collapse(nibble: number, child: PendingChild): TrieNode {
    const node = this.#resolve(child);
    if (node.kind !== 'branch') {
      this.#drop(child);
      return { ...node, path: joinPath(EMPTY_BYTES, nibble, node.path) };
    }
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

/** Whether `path` is what `key` has from nibble `depth` on. */
function isRestOf(path: Uint8Array, key: Uint8Array, depth: number): boolean {
  return path.length === key.length * 2 - depth && matchingNibbles(path, key, depth) === path.length;
}

/**
 * Applies `entries` (any order, each key once) to the trie `root` and returns the new root, with a pause for the caller
 * behind every `STEP_ENTRIES` of them. New nodes go to `nodes`, from where `source` must find them only after the end; the
 * root node is always among them, however short. So do the hashes of the nodes that the trie has no longer. Throws
 * `MissingNodeError`, `InvalidTrieNodeError`.
 */
export function* updateTrieInSteps(
  source: NodeSource,
  root: Hash,
  entries: readonly TrieEntry[],
  nodes: NodeSink,
): Generator<void, Hash> {
  if (entries.length === 0) return root;
  return yield* new BatchUpdate(source, sortEntries(entries), nodes).run(root);
}

/** As `updateTrieInSteps`, without pauses, into a table of nodes. */
export function updateTrie(source: NodeSource, root: Hash, entries: readonly TrieEntry[], nodes: NodeTable): Hash {
  return withoutPauses(updateTrieInSteps(source, root, entries, intoTable(nodes)));
}

/** Tells `nodes` that all of the trie `root` is gone, reading it as a whole; pauses as an update does. Throws as that. */
export function* dropTrieInSteps(source: NodeSource, root: Hash, nodes: NodeSink): Generator<void> {
  if (root === EMPTY_TRIE_ROOT) return;
  const waiting: Uint8Array[] = [hexToBytes(root)];
  for (let done = 1; ; done++) {
    const hash = waiting.pop();
    if (hash === undefined) return;
    nodes.drop(hash);
    for (const child of hashedChildren(source.node(hash))) waiting.push(child);
    if (done % STEP_ENTRIES === 0) yield;
  }
}
