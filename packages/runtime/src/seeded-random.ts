import type { Random } from './clock.ts';
import { InvalidByteLengthError } from './errors.ts';
import { MAX_RANDOM_BYTES } from './limits.ts';

/**
 * A generator that gives the same sequence for the same seed on every machine: xoshiro128** (Blackman and Vigna),
 * its four words filled from the seed by SplitMix64. Not for keys.
 *
 * @param seed any integer; taken modulo 2^64.
 */
export function createSeededRandom(seed: bigint | number): Random {
  const nextWord = xoshiro128(...seedWords(BigInt(seed)));
  return {
    next: (): number => {
      const high = nextWord() >>> 5;
      const low = nextWord() >>> 6;
      return (high * 2 ** 26 + low) / 2 ** 53;
    },
    bytes: (length): Uint8Array => {
      if (!Number.isInteger(length) || length < 0 || length > MAX_RANDOM_BYTES) {
        throw new InvalidByteLengthError(length, MAX_RANDOM_BYTES);
      }
      const bytes = new Uint8Array(length);
      for (let offset = 0; offset < length; offset += 4) {
        const word = nextWord();
        for (let i = offset; i < Math.min(offset + 4, length); i++) bytes[i] = word >>> (8 * (i - offset));
      }
      return bytes;
    },
  };
}

/** The 32-bit words of xoshiro128** from four words of state, not all zero. */
function xoshiro128(a: number, b: number, c: number, d: number): () => number {
  let s0 = a;
  let s1 = b;
  let s2 = c;
  let s3 = d;
  return () => {
    const result = Math.imul(rotateLeft(Math.imul(s1, 5), 7), 9) >>> 0;
    const shifted = s1 << 9;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= shifted;
    s3 = rotateLeft(s3, 11);
    return result;
  };
}

function rotateLeft(word: number, count: number): number {
  return (word << count) | (word >>> (32 - count));
}

/** Two SplitMix64 outputs, split. SplitMix64 is a bijection, so at most one of the two is zero. */
function seedWords(seed: bigint): [number, number, number, number] {
  const first = splitMix64(BigInt.asUintN(64, seed + 0x9e3779b97f4a7c15n));
  const second = splitMix64(BigInt.asUintN(64, seed + 2n * 0x9e3779b97f4a7c15n));
  return [low32(first), low32(first >> 32n), low32(second), low32(second >> 32n)];
}

function splitMix64(state: bigint): bigint {
  let z = state;
  z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
  z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn);
  return z ^ (z >> 31n);
}

function low32(value: bigint): number {
  return Number(value & 0xffffffffn);
}
