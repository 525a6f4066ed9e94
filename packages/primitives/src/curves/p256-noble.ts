import { p256 } from '@noble/curves/nist.js';
import type { P256Backend } from './p256-backend.ts';

/** The implementation in JavaScript: oracle of the tests, and fallback. */
export const nobleP256: P256Backend = { name: 'noble', verify };

function verify(digest: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): boolean {
  const uncompressed = new Uint8Array(65);
  uncompressed[0] = 0x04;
  uncompressed.set(publicKey, 1);
  try {
    return p256.verify(signature, digest, uncompressed, { prehash: false, lowS: false, format: 'compact' });
  } catch {
    // How the library says that the key is no point of the curve.
    return false;
  }
}
