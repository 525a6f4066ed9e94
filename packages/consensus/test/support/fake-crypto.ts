import { hash } from 'node:crypto';
import {
  bitmapOf,
  type Certificate,
  type NullifyCertificate,
  type Proposal,
  type ProposalTuple,
  type SigningRequest,
  signersOf,
  type TupleCertificate,
  type ValidatorIndex,
  type Vote,
} from '@heddle/types';

/** Signatures by a keyed hash: 96 bytes, forgeable by whoever runs the test, checked like real ones. */
export function fakeSign(signer: ValidatorIndex, request: SigningRequest): Uint8Array {
  return digest96(`${signer}|${messageText(request)}`);
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
export function requestOf(item: Vote | Certificate): SigningRequest {
  if (item.kind === 'nullify') return { kind: item.kind, epoch: item.epoch, view: item.view };
  return { kind: item.kind, tuple: item.tuple };
}

/** Text that differs for different messages. */
export function messageText(request: SigningRequest): string {
  if ('tuple' in request) return `${request.kind}|${Object.values(request.tuple).join('|')}`;
  if ('view' in request) return `${request.kind}|${request.epoch}|${request.view}`;
  return `${request.kind}|${request.shard}|${request.parentBlockHash}|${request.chunkHash}`;
}

function aggregateOf(request: SigningRequest, signers: readonly ValidatorIndex[]): Uint8Array {
  return digest96(`aggregate|${signers.join(',')}|${messageText(request)}`);
}

function digest96(text: string): Uint8Array {
  const signature = new Uint8Array(96);
  signature.set(hash('sha512', text, 'buffer'));
  return signature;
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
