import { EMPTY_BYTES } from '@heddle/primitives';
import { InvalidTrieNodeError } from '../errors.ts';
import { decodePath, encodedPathBytes, encodePath } from './path.ts';

/** How a node names a child: no bytes = none, under 32 bytes = the child's RLP itself, 32 bytes = its keccak256. */
export type NodeReference = Uint8Array;

export interface LeafNode {
  readonly kind: 'leaf';
  /** Remaining nibbles of the key, one a byte. */
  readonly path: Uint8Array;
  readonly value: Uint8Array;
}

export interface ExtensionNode {
  readonly kind: 'extension';
  /** Shared nibbles, at least one. */
  readonly path: Uint8Array;
  readonly child: NodeReference;
}

export interface BranchNode {
  readonly kind: 'branch';
  /** 16 entries. */
  readonly children: readonly NodeReference[];
  /** Value of the key that ends here; empty = none (always, in a secure trie). */
  readonly value: Uint8Array;
}

export type TrieNode = LeafNode | ExtensionNode | BranchNode;

function headerSize(payload: number): number {
  if (payload < 56) return 1;
  if (payload < 0x100) return 2;
  if (payload < 0x1_0000) return 3;
  return payload < 0x100_0000 ? 4 : 5;
}

function stringSize(bytes: Uint8Array): number {
  if (bytes.length === 1 && (bytes[0] ?? 0) < 0x80) return 1;
  return headerSize(bytes.length) + bytes.length;
}

/** Writes an RLP header; `base` is 0x80 for a string, 0xc0 for a list. Returns the offset behind it. */
function writeHeader(out: Uint8Array, at: number, base: number, payload: number): number {
  const size = headerSize(payload);
  if (size === 1) {
    out[at] = base + payload;
    return at + 1;
  }
  out[at] = base + 54 + size;
  for (let i = 1; i < size; i++) out[at + i] = (payload >>> (8 * (size - 1 - i))) & 0xff;
  return at + size;
}

function writeString(out: Uint8Array, at: number, bytes: Uint8Array): number {
  if (bytes.length === 1 && (bytes[0] ?? 0) < 0x80) {
    out[at] = bytes[0] ?? 0;
    return at + 1;
  }
  const start = writeHeader(out, at, 0x80, bytes.length);
  out.set(bytes, start);
  return start + bytes.length;
}

function referenceSize(reference: NodeReference): number {
  return reference.length === 32 ? 33 : reference.length === 0 ? 1 : reference.length;
}

function writeReference(out: Uint8Array, at: number, reference: NodeReference): number {
  if (reference.length === 0) {
    out[at] = 0x80;
    return at + 1;
  }
  let start = at;
  if (reference.length === 32) out[start++] = 0xa0;
  out.set(reference, start);
  return start + reference.length;
}

function branchPayload(node: BranchNode): number {
  let payload = stringSize(node.value);
  for (const child of node.children) payload += referenceSize(child);
  return payload;
}

function shortPayload(node: LeafNode | ExtensionNode): number {
  const path = encodedPathBytes(node.path);
  // The first byte of an encoded path is below 0x80: alone it stands for itself.
  const first = path === 1 ? 1 : headerSize(path) + path;
  return first + (node.kind === 'leaf' ? stringSize(node.value) : referenceSize(node.child));
}

/** Length of the RLP of a node. */
export function nodeSize(node: TrieNode): number {
  const payload = node.kind === 'branch' ? branchPayload(node) : shortPayload(node);
  return headerSize(payload) + payload;
}

function writePath(out: Uint8Array, at: number, node: LeafNode | ExtensionNode): number {
  const length = encodedPathBytes(node.path);
  const start = length === 1 ? at : writeHeader(out, at, 0x80, length);
  encodePath(node.path, node.kind === 'leaf', out, start);
  return start + length;
}

/** Writes the RLP of a node (Yellow Paper, appendix D) to `out`, which is `nodeSize` bytes long. */
export function writeNode(node: TrieNode, out: Uint8Array): void {
  if (node.kind === 'branch') {
    let at = writeHeader(out, 0, 0xc0, branchPayload(node));
    for (const child of node.children) at = writeReference(out, at, child);
    writeString(out, at, node.value);
    return;
  }
  const at = writePath(out, writeHeader(out, 0, 0xc0, shortPayload(node)), node);
  if (node.kind === 'leaf') writeString(out, at, node.value);
  else writeReference(out, at, node.child);
}

/** Offset of the payload of the item at `start`. */
function payloadStart(rlp: Uint8Array, start: number): number {
  const first = rlp[start] ?? 0;
  if (first < 0x80) return start;
  const short = first - (first >= 0xc0 ? 0xc0 : 0x80);
  return short > 55 ? start + 1 + short - 55 : start + 1;
}

/** Offset behind the item at `start`. Bounds are checked; that lengths are minimal is left to the hash of the node. */
function itemEnd(rlp: Uint8Array, start: number): number {
  const first = rlp[start];
  if (first === undefined) throw new InvalidTrieNodeError('it ends too early');
  if (first < 0x80) return start + 1;
  let length = first - (first >= 0xc0 ? 0xc0 : 0x80);
  const payload = payloadStart(rlp, start);
  if (length > 55) {
    if (payload - start > 5) throw new InvalidTrieNodeError('an item is longer than 4 GiB');
    length = 0;
    for (let i = start + 1; i < payload; i++) length = length * 256 + (rlp[i] ?? 0);
  }
  const end = payload + length;
  if (end > rlp.length) throw new InvalidTrieNodeError('an item runs past its end');
  return end;
}

function readReference(rlp: Uint8Array, start: number, end: number): NodeReference {
  const first = rlp[start] ?? 0;
  if (first === 0x80) return EMPTY_BYTES;
  if (first === 0xa0) return rlp.subarray(start + 1, end);
  if (first < 0xc0) throw new InvalidTrieNodeError('a child reference is neither a hash nor a node');
  if (end - start >= 32) throw new InvalidTrieNodeError('an inline child is 32 bytes or longer');
  return rlp.subarray(start, end);
}

function readString(rlp: Uint8Array, start: number, end: number): Uint8Array {
  if ((rlp[start] ?? 0) >= 0xc0) throw new InvalidTrieNodeError('a path or value is a list');
  return rlp.subarray(payloadStart(rlp, start), end);
}

function decodeBranch(rlp: Uint8Array, start: number): BranchNode {
  const children: NodeReference[] = [];
  let at = start;
  while (children.length < 16) {
    const end = itemEnd(rlp, at);
    children.push(readReference(rlp, at, end));
    at = end;
  }
  const end = itemEnd(rlp, at);
  if (end !== rlp.length) throw new InvalidTrieNodeError('it does not have 2 or 17 items');
  return { kind: 'branch', children, value: rlp[at] === 0x80 ? EMPTY_BYTES : readString(rlp, at, end) };
}

/** Throws `InvalidTrieNodeError`. The result shares memory with `rlp`. */
export function decodeNode(rlp: Uint8Array): TrieNode {
  if ((rlp[0] ?? 0) < 0xc0 || itemEnd(rlp, 0) !== rlp.length) throw new InvalidTrieNodeError('it is not one RLP list');
  const start = payloadStart(rlp, 0);
  const second = itemEnd(rlp, start);
  const end = itemEnd(rlp, second);
  if (end !== rlp.length) return decodeBranch(rlp, start);
  const decoded = decodePath(readString(rlp, start, second));
  if (decoded === null) throw new InvalidTrieNodeError('its path has invalid flags');
  const { path, isLeaf } = decoded;
  if (isLeaf) return { kind: 'leaf', path, value: readString(rlp, second, end) };
  const child = readReference(rlp, second, end);
  if (child.length === 0 || path.length === 0) throw new InvalidTrieNodeError('an extension leads nowhere');
  return { kind: 'extension', path, child };
}

/** Hashes of the nodes right below one. What is embedded in it leads to none: it is shorter than a hash. */
export function hashedChildren(rlp: Uint8Array): readonly Uint8Array[] {
  const node = decodeNode(rlp);
  if (node.kind === 'leaf') return [];
  const children = node.kind === 'branch' ? node.children : [node.child];
  return children.filter(({ length }) => length === 32);
}
