/**
 * Versions of a shard's state: every final block has two, after its chunk and after its section, and a node's value ends
 * with the version that put it into its trie last. So whoever deletes what an older version has left out can tell that
 * the same node has come back since.
 */
import { bigintToBytes, bytesToBigint } from '@heddle/primitives';

const STAMP_BYTES = 8;

export const chunkVersion = (height: bigint): bigint => 2n * height;

/** Genesis has only this one. */
export const sectionVersion = (height: bigint): bigint => 2n * height + 1n;

export function stampNode(rlp: Uint8Array, version: bigint): Uint8Array {
  const stamped = new Uint8Array(rlp.length + STAMP_BYTES);
  stamped.set(rlp);
  stamped.set(bigintToBytes(version, STAMP_BYTES), rlp.length);
  return stamped;
}

/** A view. */
export function nodeIn(stamped: Uint8Array): Uint8Array {
  return stamped.subarray(0, stamped.length - STAMP_BYTES);
}

export function versionIn(stamped: Uint8Array): bigint {
  return bytesToBigint(stamped.subarray(stamped.length - STAMP_BYTES));
}
