import { assert, BLS_AGGREGATE_BYTES, BLS_SIGNATURE_BYTES, equalBytes } from '@heddle/primitives';
import {
  bitmapOf,
  type Certificate,
  type NullifyCertificate,
  type Proposal,
  type ProposalTuple,
  type SigningDomain,
  type SigningRequest,
  signersOf,
  signingMessage,
  type TupleCertificate,
  type ValidatorIndex,
  type Vote,
  ZERO_HASH,
} from '@heddle/types';
import { requestOf, type VoteRequest } from '../engine/subjects.ts';
import { GENESIS_HASH } from './blocks.ts';

/** The epoch that everything here is about. */
export const EPOCH = 3n;

export const DOMAIN: SigningDomain = {
  genesisHash: GENESIS_HASH,
  chainId: 1n,
  epoch: EPOCH,
  validatorSetHash: ZERO_HASH,
};

/**
 * Signatures that name their signers and carry the hash that is signed, the real one: as wide as BLS signatures and
 * checked like them, but anyone could write them; actors that forge write other bytes on purpose. What was checked once
 * is remembered by object: messages are never changed after they were made.
 */
export class HashSignatures {
  readonly domain: SigningDomain = DOMAIN;
  readonly #n: number;
  readonly #tupleDigests = {
    propose: new Map<ProposalTuple, Uint8Array>(),
    notarize: new Map<ProposalTuple, Uint8Array>(),
    finalize: new Map<ProposalTuple, Uint8Array>(),
  };
  readonly #skipDigests = new Map<string, Uint8Array>();
  readonly #votes = new Map<Vote, boolean>();
  readonly #certificates = new Map<Certificate, boolean>();

  constructor(validatorCount: number) {
    this.#n = validatorCount;
  }

  sign(signer: ValidatorIndex, request: SigningRequest): Uint8Array {
    return signDigest(signer, this.#digestOf(request));
  }

  vote(signer: ValidatorIndex, request: VoteRequest): Vote {
    return { ...request, signer, signature: this.sign(signer, request) };
  }

  isGoodVote(vote: Vote): boolean {
    const known = this.#votes.get(vote);
    if (known !== undefined) return known;
    const good = equalBytes(vote.signature, this.sign(vote.signer, requestOf(vote)));
    this.#votes.set(vote, good);
    return good;
  }

  /** The certificate that `signers` would make of a request. */
  certify(request: VoteRequest, signers: readonly ValidatorIndex[]): Certificate {
    if (request.kind === 'nullify') return this.certifySkip(request.epoch, request.view, signers);
    return this.certifyTuple(request.kind, request.tuple, signers);
  }

  certifyTuple(
    kind: 'notarize' | 'finalize',
    tuple: ProposalTuple,
    signers: readonly ValidatorIndex[],
  ): TupleCertificate {
    const bitmap = bitmapOf(signers, this.#n);
    return { kind, tuple, bitmap, aggregate: this.#aggregateOf({ kind, tuple }, bitmap) };
  }

  certifySkip(epoch: bigint, view: bigint, signers: readonly ValidatorIndex[]): NullifyCertificate {
    const request = { kind: 'nullify', epoch, view } as const;
    const bitmap = bitmapOf(signers, this.#n);
    return { ...request, bitmap, aggregate: this.#aggregateOf(request, bitmap) };
  }

  isGoodCertificate(certificate: Certificate): boolean {
    const known = this.#certificates.get(certificate);
    if (known !== undefined) return known;
    const expected = this.#aggregateOf(requestOf(certificate), certificate.bitmap);
    const good = equalBytes(certificate.aggregate, expected);
    this.#certificates.set(certificate, good);
    return good;
  }

  hasGoodLeaderSignatures({ tuple, leaderSignature, leaderNotarize }: Proposal): boolean {
    const expected = this.sign(leaderNotarize.signer, { kind: 'propose', tuple });
    return equalBytes(leaderSignature, expected) && this.isGoodVote(leaderNotarize);
  }

  hasGoodJustification({ parentCertificate, skipCertificates }: Proposal): boolean {
    const parentIsGood = parentCertificate === null || this.isGoodCertificate(parentCertificate);
    return parentIsGood && skipCertificates.every((skip) => this.isGoodCertificate(skip));
  }

  /** Who signed a certificate, ascending. */
  signersOf(certificate: Certificate): readonly ValidatorIndex[] {
    return signersOf(certificate.bitmap, this.#n);
  }

  #digestOf(request: SigningRequest): Uint8Array {
    if ('tuple' in request) {
      const digests = this.#tupleDigests[request.kind];
      return remembered(digests, request.tuple, () => signingMessage(this.domain, request));
    }
    if (request.kind !== 'nullify') return signingMessage(this.domain, request);
    const key = `${request.epoch}/${request.view}`;
    return remembered(this.#skipDigests, key, () => signingMessage(this.domain, request));
  }

  #aggregateOf(request: SigningRequest, bitmap: Uint8Array): Uint8Array {
    return aggregateDigest(bitmap, this.#digestOf(request));
  }
}

/** A validator's signature of a signing message. */
export function signDigest(signer: ValidatorIndex, digest: Uint8Array): Uint8Array {
  return written(BLS_SIGNATURE_BYTES, Uint8Array.of(SINGLE, signer & 0xff, signer >> 8), digest);
}

/** The signature of everyone in a bitmap. */
export function aggregateDigest(bitmap: Uint8Array, digest: Uint8Array): Uint8Array {
  return written(BLS_AGGREGATE_BYTES, bitmap, digest);
}

/** The digest, then who signed it. */
function written(width: number, signers: Uint8Array, digest: Uint8Array): Uint8Array {
  assert(digest.length + signers.length <= width, 'the signers fit beside the digest');
  const signature = new Uint8Array(width);
  signature.set(digest);
  signature.set(signers, digest.length);
  return signature;
}

function remembered<K>(memory: Map<K, Uint8Array>, key: K, make: () => Uint8Array): Uint8Array {
  const known = memory.get(key);
  if (known !== undefined) return known;
  const made = make();
  memory.set(key, made);
  return made;
}

/** Before a single signer's index. */
const SINGLE = 0xff;
