import { IV, MIX, SIGMA } from './tables.ts';

/** 64-bit words as (low, high) halves. */
const IV_HALVES = IV.flatMap((word) => [Number(word & 0xffff_ffffn), Number(word >> 32n)]);

/** The implementation in JavaScript: oracle of the tests, and fallback. See `blake2bCompress`. */
export function blake2bCompressJs(input: Uint8Array, rounds: number, final: boolean): Uint8Array {
  const state = readWords(input, 0, 16);
  compressWords(state, readWords(input, 64, 32), readWords(input, 192, 4), final, rounds);
  const output = new Uint8Array(64);
  for (const [index, half] of state.entries()) view(output).setUint32(index * 4, half, true);
  return output;
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** `halves` little-endian 32-bit halves from `offset`. */
function readWords(input: Uint8Array, offset: number, halves: number): Uint32Array {
  const words = new Uint32Array(halves);
  for (let index = 0; index < halves; index++) words[index] = view(input).getUint32(offset + index * 4, true);
  return words;
}

function compressWords(h: Uint32Array, m: Uint32Array, t: Uint32Array, final: boolean, rounds: number): void {
  const v = new Uint32Array(32);
  v.set(h);
  v.set(IV_HALVES, 16);
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
