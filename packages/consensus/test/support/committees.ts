import { blsProvePossession, blsPublicKey, blsSecretKeyFromSeed, blsSign, concatBytes } from '@heddle/primitives';
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
} from '../../src/index.ts';
import { hashOf, hashScheme, hashSign } from '../../src/testing/index.ts';

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

/** `hashScheme`, counting how often an aggregate was verified. */
function countingScheme(): { readonly scheme: SignatureScheme; checks: number } {
  const counter = {
    checks: 0,
    scheme: {
      ...hashScheme,
      verifyAggregate: (publicKeys: readonly Uint8Array[], message: Uint8Array, aggregate: Uint8Array): boolean => {
        counter.checks += 1;
        return hashScheme.verifyAggregate(publicKeys, message, aggregate);
      },
      verifyAll: (checks: readonly SignatureCheck[]): boolean => verifyEach(counter.scheme, checks),
    },
  };
  return counter;
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
      hashSign(validators[signer]?.publicKey ?? new Uint8Array(48), signingMessage(domain, request)),
  };
}

export function tupleAt(view: bigint, parentView: bigint, changes: Partial<ProposalTuple> = {}): ProposalTuple {
  const base = {
    parentHash: hashOf(Number(parentView)),
    blockHash: hashOf(Number(view)),
    justificationRoot: hashOf(55),
  };
  return { epoch: 3n, view, parentView, ...base, ...changes };
}
