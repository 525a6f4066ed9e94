import { equalBytes } from '@heddle/primitives';
import { bitmapOf, type ValidatorIndex } from '@heddle/types';
import { createVerificationContext, type EpochContext } from '../verification/context.ts';
import { type SignatureScheme, verifyEach } from '../verification/scheme.ts';
import { GENESIS_HASH } from './blocks.ts';
import { aggregateDigest, DOMAIN, signDigest } from './signatures.ts';

const PUBLIC_KEY_BYTES = 48;
const PROOF_BYTES = 96;

/** Checks `HashSignatures` as the verification module checks real ones. A public key holds its validator's index. */
export function verificationContext(validatorCount: number): EpochContext {
  const validators = Array.from({ length: validatorCount }, (_, index) => {
    const publicKey = new Uint8Array(PUBLIC_KEY_BYTES);
    new DataView(publicKey.buffer).setUint32(0, index);
    return { publicKey, proofOfPossession: new Uint8Array(PROOF_BYTES) };
  });
  const set = { epoch: DOMAIN.epoch, validators, hash: DOMAIN.validatorSetHash };
  return { ...createVerificationContext(schemeOf(validatorCount), DOMAIN, set), startHash: GENESIS_HASH };
}

function schemeOf(validatorCount: number): SignatureScheme {
  const scheme: SignatureScheme = {
    verify: (publicKey, message, signature) => equalBytes(signature, signDigest(ownerOf(publicKey), message)),
    verifyAggregate: (publicKeys, message, aggregate) =>
      equalBytes(aggregate, aggregateDigest(bitmapOf(publicKeys.map(ownerOf), validatorCount), message)),
    // Certificates are made by `HashSignatures.certify` from what was signed, not from signatures.
    aggregate: () => null,
    verifyAll: (checks) => verifyEach(scheme, checks),
  };
  return scheme;
}

function ownerOf(publicKey: Uint8Array): ValidatorIndex {
  return new DataView(publicKey.buffer, publicKey.byteOffset).getUint32(0);
}
