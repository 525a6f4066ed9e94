import { type Hex, hexToBytes, keccak256 } from '@heddle/primitives';
import { MAX_KNOWN_BLOOM_BITS } from '../limits.ts';
import type { LogCriteria } from './criteria.ts';

/** The three bits that a value sets in a 2,048-bit bloom. */
type BloomBits = readonly [number, number, number];

/** Decides by a block's bloom alone that it holds no wanted log. Its hashing is done once, for many blocks. */
export type BloomTest = (bloom: Uint8Array) => boolean;

/** The test says true where the block may hold a wanted log. */
export function createBloomTest(criteria: LogCriteria): BloomTest {
  const wanted = [criteria.addresses, ...criteria.topics]
    .filter((alternatives) => alternatives !== null)
    .map((alternatives) => [...alternatives].map(bloomBits));
  return (bloom) =>
    wanted.every((alternatives) => alternatives.some((bits) => bits.every((bit) => hasBit(bloom, bit))));
}

/** Of what was asked for lately: who follows a contract asks for the same address and topics again and again. */
const known = new Map<Hex, BloomBits>();

function bloomBits(value: Hex): BloomBits {
  const before = known.get(value);
  if (before !== undefined) return before;
  if (known.size >= MAX_KNOWN_BLOOM_BITS) known.clear();
  const bits = bloomBitsOf(hexToBytes(value));
  known.set(value, bits);
  return bits;
}

/** Yellow paper, 4.4.1: the low 11 bits of each of the first three pairs of bytes of the hash. */
function bloomBitsOf(value: Uint8Array): BloomBits {
  const hash = new DataView(keccak256(value).slice(0, 6).buffer);
  return [hash.getUint16(0) & 2047, hash.getUint16(2) & 2047, hash.getUint16(4) & 2047];
}

function hasBit(bloom: Uint8Array, bit: number): boolean {
  const byte = bloom[255 - (bit >> 3)] ?? 0;
  return ((byte >> (bit & 7)) & 1) === 1;
}
