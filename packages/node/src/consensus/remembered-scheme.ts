import type { SignatureCheck, SignatureScheme } from '@heddle/consensus';
import { BoundedCache, bytesToHex } from '@heddle/primitives';
import { REMEMBERED_SIGNATURES } from '../limits.ts';

/**
 * The scheme with a memory for what verified: the same bytes get the same answer without the millisecond that it takes.
 * Certificates and chunks come more than once, and the validators of one process are all shown the same ones. Failures
 * are not kept, so that nobody pushes good entries out with forgeries.
 */
export function rememberedScheme(scheme: SignatureScheme): SignatureScheme {
  const verified = new BoundedCache<true>(REMEMBERED_SIGNATURES);
  const remember = (key: string, verify: () => boolean): boolean => {
    if (verified.get(key) === true) return true;
    const isGood = verify();
    if (isGood) verified.set(key, true);
    return isGood;
  };
  const verifyAll = (checks: readonly SignatureCheck[]): boolean => {
    const unknown = checks.filter((check) => verified.get(keyOfCheck(check)) !== true);
    if (!scheme.verifyAll(unknown)) return false;
    for (const check of unknown) verified.set(keyOfCheck(check), true);
    return true;
  };
  return {
    verifyAll,
    aggregate: (signatures) => scheme.aggregate(signatures),
    verify: (publicKey, message, signature) =>
      remember(keyOf([publicKey], message, signature), () => scheme.verify(publicKey, message, signature)),
    verifyAggregate: (publicKeys, message, aggregate) =>
      remember(keyOf(publicKeys, message, aggregate), () => scheme.verifyAggregate(publicKeys, message, aggregate)),
  };
}

function keyOfCheck(check: SignatureCheck): string {
  if (check.kind === 'signature') return keyOf([check.publicKey], check.message, check.signature);
  return keyOf(check.publicKeys, check.message, check.aggregate);
}

/** All three in full, kept apart: nothing that differs in a bit shares a key. */
function keyOf(publicKeys: readonly Uint8Array[], message: Uint8Array, signature: Uint8Array): string {
  return [...publicKeys, message, signature].map((part) => bytesToHex(part)).join();
}
