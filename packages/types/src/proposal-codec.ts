import {
  assert,
  BLS_SIGNATURE_BYTES,
  encodeRlp,
  isNullItem,
  NULL_ITEM,
  type RlpInput,
  type RlpItem,
  writeFixed,
  writeIndex,
  writeU64,
} from '@heddle/primitives';
import { blockItem, readBlock } from './block-codec.ts';
import { certificateItem, readNullifyCertificate, readTupleCertificate } from './certificate-codec.ts';
import type { Proposal, SignedTuple, Status, TupleCertificate, TupleVote } from './consensus.ts';
import { InvalidEncodingError } from './errors.ts';
import { ANY_NUMBER, fieldsOf, itemIn } from './fields.ts';
import { MAX_VALIDATORS } from './limits.ts';
import { readTuple, readVote, tupleItem, voteItem } from './vote-codec.ts';

const PROPOSAL = 'proposal';
const SIGNED_TUPLE = 'signed tuple';
const STATUS = 'status';

/**
 * rlp([tuple, block, parentCertificate, skipCertificates, leaderSignature, leaderNotarize]); no parent certificate is
 * the empty string.
 */
export function encodeProposal(proposal: Proposal): Uint8Array {
  assert(proposal.leaderNotarize.kind === 'notarize', 'the leader adds its notarize vote');
  return encodeRlp([
    tupleItem(proposal.tuple),
    blockItem(proposal.block),
    nullableCertificateItem(proposal.parentCertificate),
    proposal.skipCertificates.map(certificateItem),
    writeFixed(proposal.leaderSignature, BLS_SIGNATURE_BYTES),
    voteItem(proposal.leaderNotarize),
  ]);
}

/** Strict inverse of `encodeProposal`. Judges nothing: the consensus engine does. Throws InvalidEncodingError. */
export function decodeProposal(bytes: Uint8Array): Proposal {
  const reader = fieldsOf(PROPOSAL, itemIn(PROPOSAL, bytes), 6);
  return {
    tuple: readTuple(reader.item('tuple')),
    block: readBlock(reader.item('block')),
    parentCertificate: readNullableCertificate(reader.item('parentCertificate')),
    skipCertificates: reader.list('skipCertificates', ANY_NUMBER).map(readNullifyCertificate),
    leaderSignature: reader.fixed('leaderSignature', BLS_SIGNATURE_BYTES),
    leaderNotarize: readLeaderNotarize(reader.item('leaderNotarize')),
  };
}

/** rlp([tuple, leader, signature]). */
export function encodeSignedTuple(signed: SignedTuple): Uint8Array {
  return encodeRlp([
    tupleItem(signed.tuple),
    writeIndex(signed.leader, MAX_VALIDATORS - 1),
    writeFixed(signed.signature, BLS_SIGNATURE_BYTES),
  ]);
}

/** Strict inverse of `encodeSignedTuple`. Does not verify the signature. Throws InvalidEncodingError. */
export function decodeSignedTuple(bytes: Uint8Array): SignedTuple {
  const reader = fieldsOf(SIGNED_TUPLE, itemIn(SIGNED_TUPLE, bytes), 3);
  return {
    tuple: readTuple(reader.item('tuple')),
    leader: reader.index('leader', MAX_VALIDATORS - 1),
    signature: reader.fixed('signature', BLS_SIGNATURE_BYTES),
  };
}

/** rlp([epoch, currentView, bestFinalization]); no finalization is the empty string. */
export function encodeStatus(status: Status): Uint8Array {
  const best = status.bestFinalization;
  assert(best === null || best.kind === 'finalize', 'the best finalization is one');
  return encodeRlp([writeU64(status.epoch), writeU64(status.currentView), nullableCertificateItem(best)]);
}

/** Strict inverse of `encodeStatus`. Throws InvalidEncodingError. */
export function decodeStatus(bytes: Uint8Array): Status {
  const reader = fieldsOf(STATUS, itemIn(STATUS, bytes), 3);
  const epoch = reader.u64('epoch');
  const currentView = reader.u64('currentView');
  const bestFinalization = readNullableCertificate(reader.item('bestFinalization'));
  if (bestFinalization !== null && bestFinalization.kind !== 'finalize') {
    throw new InvalidEncodingError(STATUS, 'bestFinalization is not a finalization');
  }
  return { epoch, currentView, bestFinalization };
}

function nullableCertificateItem(certificate: TupleCertificate | null): RlpInput {
  return certificate === null ? NULL_ITEM : certificateItem(certificate);
}

function readNullableCertificate(item: RlpItem): TupleCertificate | null {
  return isNullItem(item) ? null : readTupleCertificate(item);
}

function readLeaderNotarize(item: RlpItem): TupleVote {
  const vote = readVote(item);
  if (vote.kind !== 'notarize') throw new InvalidEncodingError(PROPOSAL, 'leaderNotarize is not a notarize vote');
  return vote;
}
