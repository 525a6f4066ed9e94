import { secp256k1 } from '@noble/curves/secp256k1.js';
import type { CompactSignature, Secp256k1Backend } from './secp256k1-backend.ts';

/** The implementation in JavaScript, about 25 times as slow as the native one: oracle of the tests, and fallback. */
export const nobleSecp256k1: Secp256k1Backend = { name: 'noble', recoverPublicKey, sign, publicKey };

function recoverPublicKey(digest: Uint8Array, compact: Uint8Array, yParity: 0 | 1): Uint8Array | null {
  try {
    return secp256k1.Signature.fromBytes(compact, 'compact')
      .addRecoveryBit(yParity)
      .recoverPublicKey(digest)
      .toBytes(false);
  } catch {
    // noble throws for r or s out of range, for an r that is no point's x, and for the point at infinity.
    return null;
  }
}

function sign(digest: Uint8Array, privateKey: Uint8Array): CompactSignature | null {
  if (!secp256k1.utils.isValidSecretKey(privateKey)) return null;
  const signature = secp256k1.sign(digest, privateKey, { prehash: false, lowS: true, format: 'recovered' });
  return { compact: signature.subarray(1), recovery: signature[0] ?? 0 };
}

function publicKey(privateKey: Uint8Array): Uint8Array | null {
  if (!secp256k1.utils.isValidSecretKey(privateKey)) return null;
  return secp256k1.getPublicKey(privateKey, false);
}
