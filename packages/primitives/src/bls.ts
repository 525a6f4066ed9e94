import {
  aggregatePublicKeys,
  aggregateSerializedSignatures,
  fastAggregateVerify,
  PublicKey,
  SecretKey,
  Signature,
  type SignatureSet,
  verify,
  verifyMultipleAggregateSignatures,
} from '@chainsafe/blst';
import { BoundedCache } from './bounded-cache.ts';
import { concatBytes, utf8ToBytes } from './bytes.ts';
import { InvalidBlsSignatureError, InvalidPrivateKeyError, InvalidSeedError } from './errors.ts';
import { bytesToHex } from './hex.ts';
import { MAX_CACHED_PUBLIC_KEYS, MAX_CACHED_SECRET_KEYS, MAX_REMEMBERED_POSSESSIONS } from './limits.ts';

/** BLS12-381 public key: a compressed point of G1. */
export const BLS_PUBLIC_KEY_BYTES = 48;
/**
 * A validator's own BLS12-381 signature: a point of G2, not compressed. Signatures are added up by the hundred, and to
 * decompress one (a square root in the field) takes 15 times as long as to read one.
 */
export const BLS_SIGNATURE_BYTES = 192;
/** A sum of signatures, or a proof of possession: a compressed point of G2. Made and verified once, kept for ever. */
export const BLS_AGGREGATE_BYTES = 96;
/** Seeds may be longer. */
const MIN_SEED_BYTES = 32;

/** What blst hashes messages to the curve with (consensus.md, Signatures); the binding fixes it. */
export const BLS_DST = 'BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_';

/**
 * Stands before the public key in a proof of possession. The binding offers no second DST, so the separation is in
 * the message: everything else that a validator signs is a SHA-256 hash (32 bytes), this is 69 bytes long.
 */
export const BLS_POSSESSION_TAG = 'HEDDLE_BLS_POSSESSION';

interface ParsedSecretKey {
  readonly key: SecretKey;
  readonly publicKey: Uint8Array;
}

const secretKeys: BoundedCache<ParsedSecretKey> = new BoundedCache(MAX_CACHED_SECRET_KEYS);
/** Only keys that passed the group check: a hostile stream of bad keys cannot push good ones out. */
const publicKeys: BoundedCache<PublicKey> = new BoundedCache(MAX_CACHED_PUBLIC_KEYS);
/** Keys with proofs of their possession that were good. */
const possessions: BoundedCache<true> = new BoundedCache(MAX_REMEMBERED_POSSESSIONS);

/**
 * A secret key (32 bytes, big-endian, below the group's order) from at least 32 bytes of secret randomness, by KeyGen
 * of draft-irtf-cfrg-bls-signature. Throws InvalidSeedError.
 */
export function blsSecretKeyFromSeed(seed: Uint8Array): Uint8Array {
  if (seed.length < MIN_SEED_BYTES) throw new InvalidSeedError(seed.length);
  return SecretKey.fromKeygen(seed).toBytes();
}

/** 48 bytes, compressed G1. Throws InvalidPrivateKeyError. */
export function blsPublicKey(secretKey: Uint8Array): Uint8Array {
  return parseSecretKey(secretKey).publicKey.slice();
}

/** 192 bytes, G2 not compressed. Deterministic. Throws InvalidPrivateKeyError. */
export function blsSign(secretKey: Uint8Array, message: Uint8Array): Uint8Array {
  return parseSecretKey(secretKey).key.sign(message).toBytes(false);
}

/** False for a wrong signature and for every malformed argument; never throws. About 1 ms. */
export function blsVerify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  return signature.length === BLS_SIGNATURE_BYTES && verifyOne(publicKey, message, signature);
}

function verifyOne(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const key = parsePublicKey(publicKey);
  if (key === null) return false;
  const point = parseSignature(signature);
  return point !== null && verify(message, key, point, false, false);
}

/**
 * The sum of signatures, in any order (at least one): 96 bytes, compressed. The parts are decoded but not checked to lie in the right
 * group: trust nothing but an aggregate that `blsVerifyAggregate` accepted. Throws InvalidBlsSignatureError.
 */
export function blsAggregate(signatures: readonly Uint8Array[]): Uint8Array {
  if (signatures.length === 0) throw new InvalidBlsSignatureError(0);
  const wrongLength = signatures.findIndex((signature) => signature.length !== BLS_SIGNATURE_BYTES);
  if (wrongLength !== -1) throw new InvalidBlsSignatureError(wrongLength);
  try {
    return aggregateSerializedSignatures([...signatures], false).toBytes();
  } catch {
    // blst does not say which one: look for it, on this path only.
    throw new InvalidBlsSignatureError(
      Math.max(
        0,
        signatures.findIndex((signature) => !isBlsSignatureEncoding(signature)),
      ),
    );
  }
}

/** 192 bytes that are a point of the curve of G2, not necessarily in the right group. Cheap (about 2 µs). */
export function isBlsSignatureEncoding(signature: Uint8Array): boolean {
  if (signature.length !== BLS_SIGNATURE_BYTES) return false;
  try {
    Signature.fromBytes(signature, false);
    return true;
  } catch {
    return false;
  }
}

/**
 * True when every key signed this same message. Safe only for keys whose possession was proven (rogue keys), and the
 * caller sees to it that no key is listed twice. False for no keys and for every malformed argument; never throws.
 */
export function blsVerifyAggregate(keys: readonly Uint8Array[], message: Uint8Array, aggregate: Uint8Array): boolean {
  if (keys.length === 0) return false;
  const parsed: PublicKey[] = [];
  for (const publicKey of keys) {
    const key = parsePublicKey(publicKey);
    if (key === null) return false;
    parsed.push(key);
  }
  const point = aggregate.length === BLS_AGGREGATE_BYTES ? parseSignature(aggregate) : null;
  return point !== null && fastAggregateVerify(message, parsed, point, false);
}

/** One signature, or one aggregate over a message that all keys signed. */
export type BlsCheck =
  | {
      readonly kind: 'signature';
      readonly publicKey: Uint8Array;
      readonly message: Uint8Array;
      readonly signature: Uint8Array;
    }
  | {
      readonly kind: 'aggregate';
      readonly publicKeys: readonly Uint8Array[];
      readonly message: Uint8Array;
      readonly aggregate: Uint8Array;
    };

/**
 * True when `blsVerify` or `blsVerifyAggregate` would say so of each, but for a chance of 2^-64 that wrong ones make up
 * for one another. About 0.8 ms and 0.5 ms for each. True for no checks; never throws.
 */
export function blsVerifyAll(checks: readonly BlsCheck[]): boolean {
  const sets: SignatureSet[] = [];
  for (const check of checks) {
    const set = parseCheck(check);
    if (set === null) return false;
    sets.push(set);
  }
  const [only] = sets;
  if (only === undefined) return true;
  if (sets.length === 1) return verify(only.msg, only.pk, only.sig, false, false);
  return verifyMultipleAggregateSignatures(sets, false, false);
}

function parseCheck(check: BlsCheck): SignatureSet | null {
  const isSingle = check.kind === 'signature';
  const bytes = isSingle ? check.signature : check.aggregate;
  if (bytes.length !== (isSingle ? BLS_SIGNATURE_BYTES : BLS_AGGREGATE_BYTES)) return null;
  const keys: PublicKey[] = [];
  for (const publicKey of isSingle ? [check.publicKey] : check.publicKeys) {
    const key = parsePublicKey(publicKey);
    if (key === null) return null;
    keys.push(key);
  }
  const sig = parseSignature(bytes);
  const [first] = keys;
  if (first === undefined || sig === null) return null;
  return { msg: check.message, pk: keys.length === 1 ? first : aggregatePublicKeys(keys, false), sig };
}

/**
 * A signature that only the holder of `secretKey` can make, over its public key. 96 bytes, compressed. Throws
 * InvalidPrivateKeyError.
 */
export function blsProvePossession(secretKey: Uint8Array): Uint8Array {
  const { key, publicKey } = parseSecretKey(secretKey);
  return key.sign(possessionMessage(publicKey)).toBytes();
}

/** False for a wrong proof and for every malformed argument; never throws. What was good once is not verified again. */
export function blsVerifyPossession(publicKey: Uint8Array, proof: Uint8Array): boolean {
  if (proof.length !== BLS_AGGREGATE_BYTES || publicKey.length !== BLS_PUBLIC_KEY_BYTES) return false;
  const id = bytesToHex(publicKey) + bytesToHex(proof);
  if (possessions.get(id) === true) return true;
  const isGood = verifyOne(publicKey, possessionMessage(publicKey), proof);
  if (isGood) possessions.set(id, true);
  return isGood;
}

/** BLS_POSSESSION_TAG ‖ public key. */
function possessionMessage(publicKey: Uint8Array): Uint8Array {
  return concatBytes(utf8ToBytes(BLS_POSSESSION_TAG), publicKey);
}

function parseSecretKey(secretKey: Uint8Array): ParsedSecretKey {
  if (secretKey.length !== 32) throw new InvalidPrivateKeyError('bls12-381');
  const id = bytesToHex(secretKey);
  const known = secretKeys.get(id);
  if (known !== undefined) return known;
  const key = secretKeyFromBytes(secretKey);
  if (key === null) throw new InvalidPrivateKeyError('bls12-381');
  const parsed = { key, publicKey: key.toPublicKey().toBytes() };
  secretKeys.set(id, parsed);
  return parsed;
}

function secretKeyFromBytes(secretKey: Uint8Array): SecretKey | null {
  try {
    return SecretKey.fromBytes(secretKey);
  } catch {
    // Zero, or not below the group's order.
    return null;
  }
}

/** Checked once: on the curve, in the group, not infinity. */
function parsePublicKey(publicKey: Uint8Array): PublicKey | null {
  if (publicKey.length !== BLS_PUBLIC_KEY_BYTES) return null;
  const id = bytesToHex(publicKey);
  const known = publicKeys.get(id);
  if (known !== undefined) return known;
  try {
    const key = PublicKey.fromBytes(publicKey, true);
    publicKeys.set(id, key);
    return key;
  } catch {
    // Whatever is wrong with it, nothing it signed can be verified.
    return null;
  }
}

/** On the curve, in the group, not infinity. Of either length: each has one encoding for a point. */
function parseSignature(signature: Uint8Array): Signature | null {
  try {
    return Signature.fromBytes(signature, true, true);
  } catch {
    return null;
  }
}
