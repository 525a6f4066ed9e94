import { quorum, signersOf, type ValidatorIndex } from '@heddle/types';

/** Signers of a bitmap, or null when it has the wrong length or stray bits. `validatorCount` = n. */
export function readBitmap(bitmap: Uint8Array, validatorCount: number): readonly ValidatorIndex[] | null {
  if (bitmap.length !== Math.ceil(validatorCount / 8)) return null;
  const spare = bitmap.length * 8 - validatorCount;
  if (spare > 0 && (bitmap[bitmap.length - 1] ?? 0) >> (8 - spare) !== 0) return null;
  return signersOf(bitmap, validatorCount);
}

/** Whether a certificate names q = n − ⌊(n−1)/3⌋ validators of the set, exactly encoded. */
export function hasQuorum(certificate: { readonly bitmap: Uint8Array }, validatorCount: number): boolean {
  const signers = readBitmap(certificate.bitmap, validatorCount);
  return signers !== null && signers.length >= quorum(validatorCount);
}
