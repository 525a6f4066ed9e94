import { bigintToBytes } from '@heddle/primitives';

/** A position as four bytes, big-endian, for what is derived from a seed and a position. */
export function indexBytes(index: number): Uint8Array {
  return bigintToBytes(BigInt(index), 4);
}
