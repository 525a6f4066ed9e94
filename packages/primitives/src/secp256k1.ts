import { assert } from './assert.ts';
import { bigintToBytes, bytesToBigint, concatBytes } from './bytes.ts';
import { InvalidPrivateKeyError } from './errors.ts';
import { bytesToHex, type Hex } from './hex.ts';
import { keccak256 } from './keccak.ts';
import type { Secp256k1Backend } from './secp256k1-backend.ts';
import { loadNativeSecp256k1 } from './secp256k1-native.ts';
import { nobleSecp256k1 } from './secp256k1-noble.ts';

/** Order of the group (SEC 2, section 2.4.1). */
export const SECP256K1_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/** The largest `s` that Ethereum accepts in a transaction (EIP-2). */
export const SECP256K1_HALF_ORDER: bigint = SECP256K1_ORDER / 2n;

/** A signature from which the signer's address follows. */
export interface RecoverableSignature {
  readonly yParity: 0 | 1;
  readonly r: bigint;
  readonly s: bigint;
}

const backend: Secp256k1Backend = (await loadNativeSecp256k1()) ?? nobleSecp256k1;

/** Which implementation this process runs: `noble` where the native module does not load. */
export const secp256k1BackendName: 'native' | 'noble' = backend.name;

/**
 * The address whose key signed `digest` (32 bytes), or null: yParity not 0 or 1, r or s outside `1 … N − 1`, or no
 * point with that r. `s` above N/2 is accepted, as the precompile at address 1 needs; callers that must not (EIP-2,
 * EIP-7702) check before. About 50 µs.
 */
export function recoverAddress(
  digest: Uint8Array,
  signature: { readonly yParity: number; readonly r: bigint; readonly s: bigint },
): Hex | null {
  return recoverAddressWith(backend, digest, signature);
}

/** `recoverAddress` by the given implementation; tests compare the two. */
export function recoverAddressWith(
  implementation: Secp256k1Backend,
  digest: Uint8Array,
  signature: { readonly yParity: number; readonly r: bigint; readonly s: bigint },
): Hex | null {
  assert(digest.length === 32, 'a digest has 32 bytes');
  const { yParity, r, s } = signature;
  if (yParity !== 0 && yParity !== 1) return null;
  if (r <= 0n || r >= SECP256K1_ORDER || s <= 0n || s >= SECP256K1_ORDER) return null;
  const compact = concatBytes(bigintToBytes(r, 32), bigintToBytes(s, 32));
  const publicKey = implementation.recoverPublicKey(digest, compact, yParity);
  return publicKey === null ? null : publicKeyToAddress(publicKey);
}

/**
 * Signs `digest` (32 bytes): deterministic (RFC 6979), `s` at most N/2 (EIP-2).
 * Throws InvalidPrivateKeyError.
 */
export function signDigest(digest: Uint8Array, privateKey: Uint8Array): RecoverableSignature {
  return signDigestWith(backend, digest, privateKey);
}

/** `signDigest` by the given implementation; tests compare the two. */
export function signDigestWith(
  implementation: Secp256k1Backend,
  digest: Uint8Array,
  privateKey: Uint8Array,
): RecoverableSignature {
  assert(digest.length === 32, 'a digest has 32 bytes');
  if (privateKey.length !== 32) throw new InvalidPrivateKeyError('secp256k1');
  const signature = implementation.sign(digest, privateKey);
  if (signature === null) throw new InvalidPrivateKeyError('secp256k1');
  const { compact, recovery } = signature;
  assert(recovery === 0 || recovery === 1, 'r is below the order of the group');
  return {
    yParity: recovery,
    r: bytesToBigint(compact.subarray(0, 32)),
    s: bytesToBigint(compact.subarray(32)),
  };
}

/** The account of a private key (32 bytes). Throws InvalidPrivateKeyError. */
export function privateKeyToAddress(privateKey: Uint8Array): Hex {
  return privateKeyToAddressWith(backend, privateKey);
}

/** `privateKeyToAddress` by the given implementation; tests compare the two. */
export function privateKeyToAddressWith(implementation: Secp256k1Backend, privateKey: Uint8Array): Hex {
  if (privateKey.length !== 32) throw new InvalidPrivateKeyError('secp256k1');
  const publicKey = implementation.publicKey(privateKey);
  if (publicKey === null) throw new InvalidPrivateKeyError('secp256k1');
  return publicKeyToAddress(publicKey);
}

/** The last 20 bytes of keccak256(x ‖ y). */
function publicKeyToAddress(uncompressed: Uint8Array): Hex {
  return bytesToHex(keccak256(uncompressed.subarray(1)).subarray(12));
}
