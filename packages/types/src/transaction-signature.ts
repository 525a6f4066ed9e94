import {
  concatBytes,
  encodeRlp,
  encodeUint,
  keccak256,
  privateKeyToAddress,
  recoverAddress,
  SECP256K1_HALF_ORDER,
  signDigest,
  writeAddress,
} from '@heddle/primitives';
import type { Address } from './ids.ts';
import type { Authorization, RecoveredTransaction, SignedTransaction, UnsignedTransaction } from './transaction.ts';
import { encodeTransaction, signingPayload } from './transaction-codec.ts';

/** First byte of what an EIP-7702 authorization signs. */
const AUTHORIZATION_MAGIC = 0x05;

/** keccak256 of what the sender signs: 32 bytes. Throws InvalidTransactionEncodingError. */
export function signingDigest(fields: UnsignedTransaction): Uint8Array {
  return keccak256(signingPayload(fields));
}

/** The same transaction with its sender; null when no key made the signature. About 50 µs, but for an impersonated one. */
export function recoverTransaction(signed: SignedTransaction): RecoveredTransaction | null {
  const { fields, signature } = signed;
  const sender = 'sender' in signature ? signature.sender : recoverAddress(signingDigest(fields), signature);
  return sender === null ? null : { ...signed, sender };
}

/**
 * Signs with a secp256k1 key of 32 bytes; deterministic (RFC 6979).
 * Throws InvalidPrivateKeyError, InvalidTransactionEncodingError.
 */
export function signTransaction(fields: UnsignedTransaction, privateKey: Uint8Array): RecoveredTransaction {
  const sender = privateKeyToAddress(privateKey);
  const signature = signDigest(signingDigest(fields), privateKey);
  return { ...encodeTransaction(fields, signature), sender };
}

/** EIP-7702: keccak256(0x05 ‖ rlp([chainId, address, nonce])), 32 bytes. */
export function authorizationDigest(authorization: Pick<Authorization, 'chainId' | 'address' | 'nonce'>): Uint8Array {
  const { chainId, address, nonce } = authorization;
  const list = encodeRlp([encodeUint(chainId), writeAddress(address), encodeUint(nonce)]);
  return keccak256(concatBytes(Uint8Array.of(AUTHORIZATION_MAGIC), list));
}

/**
 * Who signed the authorization; null when its signature is none (yParity above 1, r or s out of range, s above N/2),
 * in which case EIP-7702 skips the entry. Chain ID and nonce are the caller's to check.
 */
export function recoverAuthority(authorization: Authorization): Address | null {
  if (authorization.s > SECP256K1_HALF_ORDER) return null;
  return recoverAddress(authorizationDigest(authorization), authorization);
}
