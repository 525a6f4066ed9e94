import { concatBytes } from './bytes.ts';
import { bytesToHex, type Hex, hexToBytes } from './hex.ts';
import { keccak256 } from './keccak.ts';

/*
 * A binary Merkle tree over keccak256. Leaves and inner nodes are hashed under different prefixes, so that neither can
 * be passed off as the other; an odd node moves up unchanged; no leaves give 32 zero bytes. The number of leaves is
 * bound by whoever uses a root (a list root hashes its length, the outbox and a block's chunks have one leaf a shard).
 */
const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** Root over `leaves`, in order. */
export function merkleRoot(leaves: readonly Uint8Array[]): Uint8Array {
  let level = leaves.map((leaf) => keccak256(concatBytes(LEAF, leaf)));
  if (level.length === 0) return new Uint8Array(32);
  while (level.length > 1) level = parents(level);
  return level[0] ?? new Uint8Array(32);
}

/** `merkleRoot` of hashes. */
export function merkleRootOfHashes(hashes: readonly Hex[]): Hex {
  return bytesToHex(merkleRoot(hashes.map((hash) => hexToBytes(hash))));
}

function parents(level: readonly Uint8Array[]): Uint8Array[] {
  const above: Uint8Array[] = [];
  for (let i = 0; i < level.length; i += 2) {
    const left = level[i];
    const right = level[i + 1];
    if (left !== undefined) above.push(right === undefined ? left : keccak256(concatBytes(NODE, left, right)));
  }
  return above;
}
