import { InvalidBitmapError, quorum, signersOf, type ValidatorIndex } from '@heddle/types';

/** Signers of a bitmap that came from outside, ascending; null when it has the wrong length or stray bits. */
export function signersIn(bitmap: Uint8Array, validatorCount: number): readonly ValidatorIndex[] | null {
  try {
    return signersOf(bitmap, validatorCount);
  } catch (error) {
    if (error instanceof InvalidBitmapError) return null;
    throw error;
  }
}

/** Whether a certificate names q = n − ⌊(n−1)/3⌋ validators of the set, exactly encoded. */
export function hasQuorum(certificate: { readonly bitmap: Uint8Array }, validatorCount: number): boolean {
  const signers = signersIn(certificate.bitmap, validatorCount);
  return signers !== null && signers.length >= quorum(validatorCount);
}
