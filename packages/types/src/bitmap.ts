import { assert, type FieldReader, writeUpTo } from '@heddle/primitives';
import { InvalidBitmapError } from './errors.ts';
import type { ValidatorIndex } from './ids.ts';
import { MAX_BITMAP_BYTES, MAX_VALIDATORS } from './limits.ts';

/** n − ⌊(n−1)/3⌋: two quorums share an honest validator, for every n (2f + 1 would not do at n = 5 or 6). */
export function quorum(validatorCount: number): number {
  assertCount(validatorCount);
  return validatorCount - Math.floor((validatorCount - 1) / 3);
}

/**
 * ceil(n / 8) bytes; bit i % 8 of byte ⌊i / 8⌋, counted from the least significant, is validator i.
 * Throws ImpossibleStateError for a signer outside the set or listed twice.
 */
export function bitmapOf(signers: readonly ValidatorIndex[], validatorCount: number): Uint8Array {
  assertCount(validatorCount);
  const bitmap = new Uint8Array(Math.ceil(validatorCount / 8));
  for (const signer of signers) {
    assert(Number.isInteger(signer) && signer >= 0 && signer < validatorCount, `no validator ${signer}`);
    const byte = bitmap[signer >> 3] ?? 0;
    const bit = 1 << (signer & 7);
    assert((byte & bit) === 0, `validator ${signer} signed twice`);
    bitmap[signer >> 3] = byte | bit;
  }
  return bitmap;
}

/** Ascending. Throws InvalidBitmapError for a length other than ceil(n / 8) and for bits at or above n. */
export function signersOf(bitmap: Uint8Array, validatorCount: number): ValidatorIndex[] {
  assertCount(validatorCount);
  const length = Math.ceil(validatorCount / 8);
  if (bitmap.length !== length) {
    throw new InvalidBitmapError(`${bitmap.length} bytes for ${validatorCount} validators, not ${length}`);
  }
  const signers: ValidatorIndex[] = [];
  for (let i = 0; i < length * 8; i++) {
    if (((bitmap[i >> 3] ?? 0) & (1 << (i & 7))) === 0) continue;
    if (i >= validatorCount) throw new InvalidBitmapError(`bit ${i} is set, there are ${validatorCount} validators`);
    signers.push(i);
  }
  return signers;
}

function assertCount(validatorCount: number): void {
  const isCount = Number.isInteger(validatorCount) && validatorCount >= 1 && validatorCount <= MAX_VALIDATORS;
  assert(isCount, `a validator set has 1 to ${MAX_VALIDATORS} members, not ${validatorCount}`);
}

/** The codecs know no validator set: they bound the length, `signersOf` checks the rest. */
export function writeBitmap(bitmap: Uint8Array): Uint8Array {
  return writeUpTo(bitmap, MAX_BITMAP_BYTES);
}

export function readBitmap(reader: FieldReader): Uint8Array {
  return reader.upTo('bitmap', MAX_BITMAP_BYTES);
}
