import { hash } from 'node:crypto';
import { BLS_AGGREGATE_BYTES, BLS_SIGNATURE_BYTES, bytesToHex, equalBytes } from '@heddle/primitives';
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
import { createVerificationContext, type EpochContext, type SignatureScheme, verifyEach } from '../../src/index.ts';
import { GENESIS_HASH } from './blocks.ts';

/** What all fake signatures are made in: the bench's epoch. */
const DOMAIN: SigningDomain = { genesisHash: GENESIS_HASH, chainId: 1n, epoch: 3n, validatorSetHash: ZERO_HASH };
const KEY_BYTES = 48;

/** Checks fake signatures as the verification module checks real ones. A public key is its validator's index. */
export function fakeContext(n: number): EpochContext {
  const validators = Array.from({ length: n }, (_, index) => {
    const publicKey = new Uint8Array(KEY_BYTES);
    new DataView(publicKey.buffer).setUint32(0, index);
    return { publicKey, proofOfPossession: new Uint8Array(96) };
  });
  const set = { epoch: DOMAIN.epoch, validators, hash: DOMAIN.validatorSetHash };
  return { ...createVerificationContext(FAKE_SCHEME, DOMAIN, set), startHash: GENESIS_HASH };
}

const FAKE_SCHEME: SignatureScheme = {
  verify: (publicKey, message, signature) => equalBytes(signature, signatureOf(ownerOf(publicKey), message)),
  verifyAggregate: (publicKeys, message, signature) =>
    equalBytes(signature, aggregateSignatureOf(publicKeys.map(ownerOf), message)),
  // Aggregates are made by `certify` from what was signed, not from signatures.
  aggregate: () => null,
  verifyAll: (checks) => verifyEach(FAKE_SCHEME, checks),
};

function ownerOf(publicKey: Uint8Array): ValidatorIndex {
  return new DataView(publicKey.buffer, publicKey.byteOffset).getUint32(0);
}

function signatureOf(signer: ValidatorIndex, message: Uint8Array): Uint8Array {
  return digestOf(BLS_SIGNATURE_BYTES, `${signer}|${bytesToHex(message)}`);
}

function aggregateSignatureOf(signers: readonly ValidatorIndex[], message: Uint8Array): Uint8Array {
  return digestOf(BLS_AGGREGATE_BYTES, `aggregate|${signers.join(',')}|${bytesToHex(message)}`);
}

/** Signatures by a keyed hash: as long as real ones, forgeable by whoever runs the test, checked like real ones. */
export function fakeSign(signer: ValidatorIndex, request: SigningRequest): Uint8Array {
  return signatureOf(signer, signingMessage(DOMAIN, request));
}

export function voteIsGood(vote: Vote): boolean {
  return equal(vote.signature, fakeSign(vote.signer, requestOf(vote)));
}

/** Aggregates votes that are known to be good. */
export function aggregate(votes: readonly Vote[], n: number): Certificate {
  const [first] = votes;
  if (first === undefined) throw new Error('no votes');
  const signers = votes.map(({ signer }) => signer).sort((a, b) => a - b);
  return certify(first, signers, n);
}

/** The certificate that `signers` would make of a vote. */
export function certify(subject: Vote | SigningRequest, signers: readonly ValidatorIndex[], n: number): Certificate {
  const request = 'signature' in subject ? requestOf(subject) : subject;
  const bitmap = bitmapOf(signers, n);
  const aggregateSignature = aggregateOf(request, signers);
  if (request.kind === 'notarize' || request.kind === 'finalize') {
    return { kind: request.kind, tuple: request.tuple, bitmap, aggregate: aggregateSignature };
  }
  if (request.kind !== 'nullify') throw new Error(`no certificate of kind ${request.kind}`);
  return { kind: 'nullify', epoch: request.epoch, view: request.view, bitmap, aggregate: aggregateSignature };
}

export function certifyTuple(
  kind: 'notarize' | 'finalize',
  tuple: ProposalTuple,
  signers: readonly ValidatorIndex[],
  n: number,
): TupleCertificate {
  return { kind, tuple, bitmap: bitmapOf(signers, n), aggregate: aggregateOf({ kind, tuple }, signers) };
}

export function certifySkip(
  epoch: bigint,
  view: bigint,
  signers: readonly ValidatorIndex[],
  n: number,
): NullifyCertificate {
  const request = { kind: 'nullify', epoch, view } as const;
  return { ...request, bitmap: bitmapOf(signers, n), aggregate: aggregateOf(request, signers) };
}

export function certificateIsGood(certificate: Certificate, n: number): boolean {
  return equal(certificate.aggregate, aggregateOf(requestOf(certificate), signersOf(certificate.bitmap, n)));
}

export function leaderSignaturesAreGood({ tuple, leaderSignature, leaderNotarize }: Proposal): boolean {
  return (
    equal(leaderSignature, fakeSign(leaderNotarize.signer, { kind: 'propose', tuple })) && voteIsGood(leaderNotarize)
  );
}

export function justificationIsGood({ parentCertificate, skipCertificates }: Proposal, n: number): boolean {
  const certificates = parentCertificate === null ? skipCertificates : [parentCertificate, ...skipCertificates];
  return certificates.every((certificate) => certificateIsGood(certificate, n));
}

/** What a vote or certificate signs. */
function requestOf(item: Vote | Certificate): SigningRequest {
  if (item.kind === 'nullify') return { kind: item.kind, epoch: item.epoch, view: item.view };
  return { kind: item.kind, tuple: item.tuple };
}

function aggregateOf(request: SigningRequest, signers: readonly ValidatorIndex[]): Uint8Array {
  return aggregateSignatureOf(signers, signingMessage(DOMAIN, request));
}

function digestOf(length: number, text: string): Uint8Array {
  const signature = new Uint8Array(length);
  signature.set(hash('sha512', text, 'buffer'));
  return signature;
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
