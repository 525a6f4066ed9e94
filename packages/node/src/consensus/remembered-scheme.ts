import type { SignatureCheck, SignatureScheme } from '@heddle/consensus';
import { BoundedCache, bytesToHex } from '@heddle/primitives';
import { REMEMBERED_AGGREGATES, REMEMBERED_SIGNATURES } from '../limits.ts';

/** A scheme that can be told what needs no check. */
export interface RememberedScheme extends SignatureScheme {
  /** This process has made the signature itself, with that key's secret. */
  signed(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): void;
}

/**
 * The scheme with a memory for what is good: the same bytes get the same answer without the millisecond that it takes.
 * Certificates and chunks come more than once, and the validators of one process are all shown the same ones. What this
 * process has signed is good, and so is the sum of signatures that are: on a devnet that is nearly all. Failures are not kept,
 * so that nobody pushes good entries out with forgeries.
 */
export function rememberedScheme(scheme: SignatureScheme): RememberedScheme {
  const verified = new BoundedCache<true>(REMEMBERED_SIGNATURES);
  /** What aggregates were made of, by their bytes. */
  const sums = new BoundedCache<readonly Uint8Array[]>(REMEMBERED_AGGREGATES);
  const remember = (key: string, verify: () => boolean): boolean => {
    if (verified.get(key) === true) return true;
    const isGood = verify();
    if (isGood) verified.set(key, true);
    return isGood;
  };
  const isSumOfGood = (publicKeys: readonly Uint8Array[], message: Uint8Array, aggregate: Uint8Array): boolean => {
    const parts = sums.get(bytesToHex(aggregate));
    if (parts === undefined || parts.length !== publicKeys.length) return false;
    return publicKeys.every((publicKey, index) => {
      const part = parts[index];
      return part !== undefined && verified.get(keyOf([publicKey], message, part)) === true;
    });
  };
  const verifyAll = (checks: readonly SignatureCheck[]): boolean => {
    const unknown = checks.filter((check) => verified.get(keyOfCheck(check)) !== true);
    if (!scheme.verifyAll(unknown)) return false;
    for (const check of unknown) verified.set(keyOfCheck(check), true);
    return true;
  };
  return {
    verifyAll,
    signed: (publicKey, message, signature) => verified.set(keyOf([publicKey], message, signature), true),
    aggregate: (signatures) => {
      const aggregate = scheme.aggregate(signatures);
      if (aggregate !== null) sums.set(bytesToHex(aggregate), [...signatures]);
      return aggregate;
    },
    verify: (publicKey, message, signature) =>
      remember(keyOf([publicKey], message, signature), () => scheme.verify(publicKey, message, signature)),
    verifyAggregate: (publicKeys, message, aggregate) =>
      remember(
        keyOf(publicKeys, message, aggregate),
        () => isSumOfGood(publicKeys, message, aggregate) || scheme.verifyAggregate(publicKeys, message, aggregate),
      ),
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
