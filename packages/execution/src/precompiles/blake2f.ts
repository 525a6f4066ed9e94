import type { Precompile } from './precompile.ts';

/** rounds (4) ‖ h (64) ‖ m (128) ‖ t (16) ‖ final (1). */
const INPUT_BYTES = 213;

/** RFC 7693, section 2.6: initialization vector, 64-bit words as (low, high) halves. */
const IV = Uint32Array.of(
  0xf3bcc908,
  0x6a09e667,
  0x84caa73b,
  0xbb67ae85,
  0xfe94f82b,
  0x3c6ef372,
  0x5f1d36f1,
  0xa54ff53a,
  0xade682d1,
  0x510e527f,
  0x2b3e6c1f,
  0x9b05688c,
  0xfb41bd6b,
  0x1f83d9ab,
  0x137e2179,
  0x5be0cd19,
);

/** RFC 7693, section 2.7: message word permutations. */
const SIGMA: readonly (readonly number[])[] = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
  [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
  [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
  [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
  [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
  [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
  [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
  [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
  [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
  [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
];

/** RFC 7693, section 3.2: the columns and diagonals that each round mixes. */
const MIX: readonly (readonly [number, number, number, number])[] = [
  [0, 4, 8, 12],
  [1, 5, 9, 13],
  [2, 6, 10, 14],
  [3, 7, 11, 15],
  [0, 5, 10, 15],
  [1, 6, 11, 12],
  [2, 7, 8, 13],
  [3, 4, 9, 14],
];

/** 0x09 (EIP-152): the compression function of BLAKE2b with any number of rounds. */
export const blake2f: Precompile = {
  gas(input) {
    return input.length === INPUT_BYTES ? view(input).getUint32(0) : Number.POSITIVE_INFINITY;
  },
  run(input) {
    const final = input[INPUT_BYTES - 1];
    if (input.length !== INPUT_BYTES || (final !== 0 && final !== 1)) return null;
    const rounds = view(input).getUint32(0);
    const state = readWords(input, 4, 16);
    const message = readWords(input, 68, 32);
    const counter = readWords(input, 196, 4);
    compress(state, message, counter, final === 1, rounds);
    const output = new Uint8Array(64);
    for (const [index, half] of state.entries()) view(output).setUint32(index * 4, half, true);
    return output;
  },
};

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** `halves` little-endian 32-bit halves from `offset`. */
function readWords(input: Uint8Array, offset: number, halves: number): Uint32Array {
  const words = new Uint32Array(halves);
  for (let index = 0; index < halves; index++) words[index] = view(input).getUint32(offset + index * 4, true);
  return words;
}

function compress(h: Uint32Array, m: Uint32Array, t: Uint32Array, final: boolean, rounds: number): void {
  const v = new Uint32Array(32);
  v.set(h);
  v.set(IV, 16);
  for (let half = 0; half < 4; half++) v[24 + half] = at(v, 24 + half) ^ at(t, half);
  if (final) {
    v[28] = ~at(v, 28);
    v[29] = ~at(v, 29);
  }
  for (let round = 0; round < rounds; round++) {
    const sigma = SIGMA[round % 10] ?? [];
    for (let step = 0; step < 8; step++) {
      const columns = MIX[step];
      if (columns !== undefined) mix(v, columns, m, sigma[2 * step] ?? 0, sigma[2 * step + 1] ?? 0);
    }
  }
  for (let half = 0; half < 16; half++) h[half] = at(h, half) ^ at(v, half) ^ at(v, half + 16);
}

function at(words: Uint32Array, index: number): number {
  return words[index] ?? 0;
}

/** RFC 7693, section 3.1: the mixing function G on 64-bit words kept as two halves. */
function mix(
  v: Uint32Array,
  [a, b, c, d]: readonly [number, number, number, number],
  m: Uint32Array,
  x: number,
  y: number,
): void {
  add(v, a, at(v, 2 * b), at(v, 2 * b + 1));
  add(v, a, at(m, 2 * x), at(m, 2 * x + 1));
  xorRotate(v, d, a, 32);
  add(v, c, at(v, 2 * d), at(v, 2 * d + 1));
  xorRotate(v, b, c, 24);
  add(v, a, at(v, 2 * b), at(v, 2 * b + 1));
  add(v, a, at(m, 2 * y), at(m, 2 * y + 1));
  xorRotate(v, d, a, 16);
  add(v, c, at(v, 2 * d), at(v, 2 * d + 1));
  xorRotate(v, b, c, 63);
}

/** v[word] += (low, high), mod 2^64. */
function add(v: Uint32Array, word: number, low: number, high: number): void {
  const sum = at(v, 2 * word) + low;
  v[2 * word] = sum;
  v[2 * word + 1] = at(v, 2 * word + 1) + high + (sum > 0xffff_ffff ? 1 : 0);
}

/** v[word] = (v[word] ^ v[other]) rotated right by 16, 24, 32 or 63 bits. */
function xorRotate(v: Uint32Array, word: number, other: number, bits: number): void {
  const low = at(v, 2 * word) ^ at(v, 2 * other);
  const high = at(v, 2 * word + 1) ^ at(v, 2 * other + 1);
  if (bits === 32) {
    v[2 * word] = high;
    v[2 * word + 1] = low;
  } else if (bits === 63) {
    v[2 * word] = (low << 1) | (high >>> 31);
    v[2 * word + 1] = (high << 1) | (low >>> 31);
  } else {
    v[2 * word] = (low >>> bits) | (high << (32 - bits));
    v[2 * word + 1] = (high >>> bits) | (low << (32 - bits));
  }
}
