import {
  blsProvePossession,
  blsPublicKey,
  blsSecretKeyFromSeed,
  blsSign,
  concatBytes,
  equalBytes,
  sha256,
} from '@heddle/primitives';
import {
  hashValidators,
  type ProposalTuple,
  type SigningDomain,
  type SigningRequest,
  signingMessage,
} from '@heddle/types';
import {
  blsScheme,
  createVerificationContext,
  type EpochContext,
  type SignatureCheck,
  type SignatureScheme,
  verifyEach,
} from '../src/index.ts';
import { hashOf } from './chunks-fixtures.ts';

/** The parent of view 1, as `tupleAt` names it. */
const START_HASH = hashOf(0);

/** A validator set with its keys and a way to sign with them. */
export interface Committee {
  readonly context: EpochContext;
  sign(signer: number, request: SigningRequest): Uint8Array;
}

function domainOf(validatorSetHash: SigningDomain['validatorSetHash']): SigningDomain {
  return { genesisHash: hashOf(99), chainId: 31_337n, epoch: 3n, validatorSetHash };
}

export function blsCommittee(validatorCount: number): Committee {
  const keys = Array.from({ length: validatorCount }, (_, i) => blsSecretKeyFromSeed(new Uint8Array(32).fill(i + 1)));
  const validators = keys.map((key) => ({ publicKey: blsPublicKey(key), proofOfPossession: blsProvePossession(key) }));
  const hash = hashValidators(validators);
  const domain = domainOf(hash);
  return {
    context: {
      ...createVerificationContext(blsScheme, domain, { epoch: 3n, validators, hash }),
      startHash: START_HASH,
    },
    sign: (signer, request) => blsSign(keys[signer] ?? new Uint8Array(32), signingMessage(domain, request)),
  };
}

/** A signature is 32 bytes of keyed hash; aggregates are sums byte by byte. Counts how often it verified. */
export function countingScheme(): { readonly scheme: SignatureScheme; checks: number } {
  const result = {
    checks: 0,
    scheme: {
      verify: (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean =>
        equalBytes(keyedHash(publicKey, message), signature),
      aggregate: (signatures: readonly Uint8Array[]): Uint8Array | null => sum(signatures),
      verifyAll: (checks: readonly SignatureCheck[]): boolean => verifyEach(result.scheme, checks),
      verifyAggregate: (publicKeys: readonly Uint8Array[], message: Uint8Array, aggregate: Uint8Array): boolean => {
        result.checks += 1;
        return publicKeys.length > 0 && equalBytes(sum(publicKeys.map((key) => keyedHash(key, message))), aggregate);
      },
    },
  };
  return result;
}

export function hashCommittee(validatorCount: number): Committee & { readonly counter: { checks: number } } {
  const counter = countingScheme();
  const validators = Array.from({ length: validatorCount }, (_, i) => ({
    publicKey: concatBytes(new Uint8Array(46), Uint8Array.of(i >> 8, i & 255)),
    proofOfPossession: new Uint8Array(96),
  }));
  const hash = hashOf(7);
  const domain = domainOf(hash);
  return {
    counter,
    context: {
      ...createVerificationContext(counter.scheme, domain, { epoch: 3n, validators, hash }),
      startHash: START_HASH,
    },
    sign: (signer, request) =>
      keyedHash(validators[signer]?.publicKey ?? new Uint8Array(48), signingMessage(domain, request)),
  };
}

function keyedHash(key: Uint8Array, message: Uint8Array): Uint8Array {
  return sha256(concatBytes(key, message));
}

function sum(parts: readonly Uint8Array[]): Uint8Array {
  const total = new Uint8Array(32);
  for (const part of parts) for (const [i, byte] of part.entries()) total[i] = (total[i] ?? 0) + byte;
  return total;
}

export function tupleAt(view: bigint, parentView: bigint, changes: Partial<ProposalTuple> = {}): ProposalTuple {
  const base = {
    parentHash: hashOf(Number(parentView)),
    blockHash: hashOf(Number(view)),
    justificationRoot: hashOf(55),
  };
  return { epoch: 3n, view, parentView, ...base, ...changes };
}
