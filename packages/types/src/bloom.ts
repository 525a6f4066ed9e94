import { assert, hexToBytes, keccak256 } from '@heddle/primitives';
import { BLOOM_BYTES } from './constants.ts';
import type { Log } from './receipt.ts';

/** The 2,048-bit bloom filter of addresses and topics (Yellow Paper, section 4.3.1): 256 bytes. */
export function logsBloom(logs: readonly Log[]): Uint8Array {
  const bloom = new Uint8Array(BLOOM_BYTES);
  for (const log of logs) {
    add(bloom, hexToBytes(log.address));
    for (const topic of log.topics) add(bloom, hexToBytes(topic));
  }
  return bloom;
}

/** The union: what contains everything that one of them contains. */
export function mergeBlooms(blooms: readonly Uint8Array[]): Uint8Array {
  const merged = new Uint8Array(BLOOM_BYTES);
  for (const bloom of blooms) {
    assert(bloom.length === BLOOM_BYTES, 'a bloom has 256 bytes');
    for (let i = 0; i < BLOOM_BYTES; i++) merged[i] = (merged[i] ?? 0) | (bloom[i] ?? 0);
  }
  return merged;
}

/** False: no log with this address (20 bytes) or topic (32 bytes) is in it. True: there may be one. */
export function bloomContains(bloom: Uint8Array, bytes: Uint8Array): boolean {
  assert(bloom.length === BLOOM_BYTES, 'a bloom has 256 bytes');
  return bitsOf(bytes).every((bit) => ((bloom[byteOf(bit)] ?? 0) & maskOf(bit)) !== 0);
}

function add(bloom: Uint8Array, bytes: Uint8Array): void {
  for (const bit of bitsOf(bytes)) {
    const index = byteOf(bit);
    bloom[index] = (bloom[index] ?? 0) | maskOf(bit);
  }
}

/** The low 11 bits of the first three 16-bit words of the hash. */
function bitsOf(bytes: Uint8Array): readonly number[] {
  const hash = keccak256(bytes);
  return [0, 2, 4].map((offset) => (((hash[offset] ?? 0) << 8) | (hash[offset + 1] ?? 0)) & 0x7ff);
}

/** The filter is one big-endian number: bit 0 is in the last byte. */
function byteOf(bit: number): number {
  return BLOOM_BYTES - 1 - (bit >> 3);
}

function maskOf(bit: number): number {
  return 1 << (bit & 7);
}
