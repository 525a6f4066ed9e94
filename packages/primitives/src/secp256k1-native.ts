import type { Secp256k1Bindings } from 'secp256k1/bindings.js';
import { equalBytes } from './bytes.ts';
import type { CompactSignature, Secp256k1Backend } from './secp256k1-backend.ts';

/**
 * libsecp256k1 through its native module; null where the module has no binary for this machine or does not do what
 * it should (recovering its own signature), so that the caller takes the other implementation.
 */
export async function loadNativeSecp256k1(
  load: () => Promise<Secp256k1Bindings> = loadBindings,
): Promise<Secp256k1Backend | null> {
  try {
    const backend = nativeSecp256k1(await load());
    return works(backend) ? backend : null;
  } catch {
    // No prebuilt binary, or one for another system: expected on some machines (linux-arm64), and not an error.
    return null;
  }
}

async function loadBindings(): Promise<Secp256k1Bindings> {
  const { default: bindings } = await import('secp256k1/bindings.js');
  return bindings;
}

function works(backend: Secp256k1Backend): boolean {
  const privateKey = new Uint8Array(32).fill(1);
  const digest = new Uint8Array(32).fill(2);
  const expected = backend.publicKey(privateKey);
  const signature = backend.sign(digest, privateKey);
  if (expected === null || signature === null) return false;
  if (signature.recovery !== 0 && signature.recovery !== 1) return false;
  const recovered = backend.recoverPublicKey(digest, signature.compact, signature.recovery);
  return recovered !== null && equalBytes(recovered, expected);
}

function nativeSecp256k1(bindings: Secp256k1Bindings): Secp256k1Backend {
  return {
    name: 'native',
    recoverPublicKey: (digest: Uint8Array, compact: Uint8Array, yParity: 0 | 1): Uint8Array | null => {
      try {
        return bindings.ecdsaRecover(compact, yParity, digest, false);
      } catch {
        // The lengths are right, so this is r or s out of range, or no such point.
        return null;
      }
    },
    sign: (digest: Uint8Array, privateKey: Uint8Array): CompactSignature | null => {
      if (!bindings.privateKeyVerify(privateKey)) return null;
      const { signature, recid } = bindings.ecdsaSign(digest, privateKey);
      return { compact: signature, recovery: recid };
    },
    publicKey: (privateKey: Uint8Array): Uint8Array | null =>
      bindings.privateKeyVerify(privateKey) ? bindings.publicKeyCreate(privateKey, false) : null,
  };
}
