import { bigintToBytes, bytesToBigint, EMPTY_BYTES } from '@heddle/primitives';
import { type Precompile, readPadded } from './precompile.ts';

/** EIP-7823: longest base, exponent and modulus, in bytes. */
const MAX_LENGTH = 1_024n;
/** EIP-7883. */
const MINIMUM_GAS = 500;
const HEADER_BYTES = 96;
/** Up to here a table of powers of the base costs more than it saves. */
const SHORT_EXPONENT_BYTES = 8;

interface Lengths {
  readonly base: number;
  readonly exponent: number;
  readonly modulus: number;
}

/** 0x05 (EIP-198, EIP-7823, EIP-7883). Input: three lengths, then base, exponent and modulus. */
export const modexp: Precompile = {
  gas(input) {
    const lengths = readLengths(input);
    if (lengths === null) return Number.POSITIVE_INFINITY;
    return Math.max(MINIMUM_GAS, complexity(lengths) * iterations(input, lengths));
  },
  run(input) {
    const lengths = readLengths(input);
    if (lengths === null) return null;
    if (lengths.modulus === 0) return EMPTY_BYTES;
    const base = bytesToBigint(readPadded(input, HEADER_BYTES, lengths.base));
    const exponent = readPadded(input, HEADER_BYTES + lengths.base, lengths.exponent);
    const modulus = bytesToBigint(readPadded(input, HEADER_BYTES + lengths.base + lengths.exponent, lengths.modulus));
    return bigintToBytes(modulus === 0n ? 0n : power(base, exponent, modulus), lengths.modulus);
  },
};

/** `null` when one is too long. */
function readLengths(input: Uint8Array): Lengths | null {
  const [base, exponent, modulus] = [0, 32, 64].map((at) => bytesToBigint(readPadded(input, at, 32)));
  if (base === undefined || exponent === undefined || modulus === undefined) return null;
  if (base > MAX_LENGTH || exponent > MAX_LENGTH || modulus > MAX_LENGTH) return null;
  return { base: Number(base), exponent: Number(exponent), modulus: Number(modulus) };
}

/** EIP-7883: 2 · words², 16 up to 32 bytes. */
function complexity(lengths: Lengths): number {
  const longest = Math.max(lengths.base, lengths.modulus);
  if (longest <= 32) return 16;
  const words = Math.ceil(longest / 8);
  return 2 * words * words;
}

/** EIP-7883: bits of the exponent's head less one, and 16 for each byte beyond 32. */
function iterations(input: Uint8Array, lengths: Lengths): number {
  const head = bytesToBigint(readPadded(input, HEADER_BYTES + lengths.base, Math.min(32, lengths.exponent)));
  const bits = head === 0n ? 0 : head.toString(2).length - 1;
  const tail = lengths.exponent > 32 ? 16 * (lengths.exponent - 32) : 0;
  return Math.max(1, tail + bits);
}

/** Left to right, by windows of bits: a window's squarings, then one factor. `modulus` is not 0. */
function power(base: bigint, exponent: Uint8Array, modulus: bigint): bigint {
  const bits = exponent.length > SHORT_EXPONENT_BYTES ? 4 : 1;
  const factors = powersBelow(1 << bits, base % modulus, modulus);
  let result = 1n % modulus;
  let hasBegun = false;
  for (const byte of exponent) {
    for (let shift = 8 - bits; shift >= 0; shift -= bits) {
      // Leading zeros are squarings of one.
      if (hasBegun) for (let bit = 0; bit < bits; bit++) result = (result * result) % modulus;
      const window = (byte >> shift) & ((1 << bits) - 1);
      if (window === 0) continue;
      hasBegun = true;
      result = (result * (factors[window] ?? 1n)) % modulus;
    }
  }
  return result;
}

/** base^0 … base^(count − 1). */
function powersBelow(count: number, base: bigint, modulus: bigint): readonly bigint[] {
  const powers = [1n % modulus];
  for (let index = 1; index < count; index++) powers.push(((powers[index - 1] ?? 0n) * base) % modulus);
  return powers;
}
