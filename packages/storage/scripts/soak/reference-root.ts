/**
 * The root of a state computed in another way than the trie does it: from all expected accounts, recursively, with the
 * definition of the Yellow Paper (appendix D) and nothing of the state package. A part of the keys at a time.
 */
import {
  bigintToBytes,
  bytesToHex,
  compareBytes,
  EncodedRlp,
  encodeRlp,
  encodeUint,
  hexToBytes,
  keccak256,
  type RlpInput,
} from '@heddle/primitives';
import { EMPTY_CODE_HASH, EMPTY_TRIE_ROOT, type Hash } from '@heddle/types';
import type { SoakAccounts } from './accounts.ts';

interface Leaf {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

const nibble = (key: Uint8Array, at: number): number => ((key[at >> 1] ?? 0) >> (at % 2 === 0 ? 4 : 0)) & 15;

/** Appendix C. */
function hexPrefix(key: Uint8Array, from: number, to: number, isLeaf: boolean): Uint8Array {
  const odd = (to - from) % 2;
  const nibbles = [(isLeaf ? 2 : 0) + odd, ...(odd === 1 ? [] : [0])];
  for (let at = from; at < to; at++) nibbles.push(nibble(key, at));
  return Uint8Array.from(
    { length: nibbles.length / 2 },
    (_, i) => (nibbles[2 * i] ?? 0) * 16 + (nibbles[2 * i + 1] ?? 0),
  );
}

/** c(𝕴, i): sorted leaves with at least one among them, which share their first `depth` nibbles. */
function node(leaves: readonly Leaf[], depth: number): RlpInput {
  const [first, last] = [leaves[0], leaves.at(-1)];
  if (first === undefined || last === undefined) throw new RangeError('a node has a leaf below it');
  if (first === last) return [hexPrefix(first.key, depth, first.key.length * 2, true), first.value];
  let shared = depth;
  while (nibble(first.key, shared) === nibble(last.key, shared)) shared++;
  if (shared > depth) return [hexPrefix(first.key, depth, shared, false), reference(leaves, shared)];
  const children: RlpInput[] = [];
  for (let at = 0, low = 0; at < 16; at++) {
    let end = low;
    while (end < leaves.length && nibble(leaves[end]?.key ?? first.key, depth) === at) end++;
    children.push(end === low ? new Uint8Array(0) : reference(leaves.slice(low, end), depth + 1));
    low = end;
  }
  return [...children, new Uint8Array(0)];
}

/** n(𝕴, i): what stands for a node in its parent. */
function reference(leaves: readonly Leaf[], depth: number): RlpInput {
  const item = new EncodedRlp(node(leaves, depth));
  return item.bytes.length < 32 ? item : keccak256(item.bytes);
}

function storageRoot(slots: readonly bigint[]): Uint8Array {
  const leaves = slots.flatMap((value, slot) =>
    value === 0n ? [] : [{ key: keccak256(bigintToBytes(BigInt(slot), 32)), value: encodeRlp(encodeUint(value)) }],
  );
  leaves.sort((a, b) => compareBytes(a.key, b.key));
  return leaves.length === 0 ? hexToBytes(EMPTY_TRIE_ROOT) : keccak256(encodeRlp(node(leaves, 0)));
}

function leavesBelow(accounts: SoakAccounts, indexes: readonly number[]): readonly Leaf[] {
  const leaves = indexes.flatMap((index) => {
    const account = accounts.expected(index);
    if (account === null) return [];
    const { nonce, balance, slots } = account;
    const fields = [encodeUint(nonce), encodeUint(balance), storageRoot(slots), hexToBytes(EMPTY_CODE_HASH)];
    return [{ key: keccak256(hexToBytes(accounts.address(index))), value: encodeRlp(fields) }];
  });
  return leaves.sort((a, b) => compareBytes(a.key, b.key));
}

/** `firstBytes` has the first byte of every account's key. There must be an account at least below every such byte. */
export function referenceRoot(accounts: SoakAccounts, firstBytes: Uint8Array): Hash {
  const groups: number[][] = Array.from({ length: 256 }, () => []);
  for (const [index, first] of firstBytes.entries()) groups[first]?.push(index);
  const branches: RlpInput[] = [];
  for (let high = 0; high < 16; high++) {
    const children = groups
      .slice(16 * high, 16 * high + 16)
      .map((indexes) => reference(leavesBelow(accounts, indexes), 2));
    branches.push(keccak256(encodeRlp([...children, new Uint8Array(0)])));
  }
  return bytesToHex(keccak256(encodeRlp([...branches, new Uint8Array(0)])));
}
