import { BLS_SIGNATURE_BYTES, encodeRlp, encodeUint, NULL_ITEM, writeFixed, writeU64 } from '@heddle/primitives';
import type { ChunkAnnouncement } from './block.ts';
import {
  decodeCertificate,
  encodeCertificate,
  readNullifyCertificate,
  readTupleCertificate,
} from './certificate-codec.ts';
import { decodeChunkHeader, encodeChunkHeader, hashChunkHeader } from './chunk-codec.ts';
import type { Certificate, TupleVote } from './consensus.ts';
import { decodeEndorsement, encodeEndorsement } from './endorsement-codec.ts';
import { InvalidEncodingError } from './errors.ts';
import type { AnyEvidence, EvidenceReport } from './evidence.ts';
import { ANY_NUMBER, fieldsOf, itemIn } from './fields.ts';
import type { ValidatorIndex } from './ids.ts';
import { decodeSignedTuple, encodeSignedTuple } from './proposal-codec.ts';
import { decodeVote, encodeVote } from './vote-codec.ts';

const SUBJECT = 'evidence';
const CERTIFICATE = 'certificate';

/** A kind's tag is its position here, from 1. */
const KINDS = [
  'doublePropose',
  'doubleVote',
  'notarizeAndFinalize',
  'nullifyAndFinalize',
  'badJustification',
  'conflictingCertificates',
  'doubleProduce',
  'doubleEndorse',
] as const satisfies readonly AnyEvidence['kind'][];

/**
 * rlp([tag, epoch, parts]): the signed things themselves, each a string in its own encoding. Culprits and chunk hashes
 * follow from them and are not written. Parts: two of a kind; for badJustification the vote, the parent certificate (the
 * empty string for none), then the skip certificates; for doubleProduce header, signature, header, signature.
 */
export function encodeEvidence({ epoch, evidence }: EvidenceReport): Uint8Array {
  return encodeRlp([encodeUint(KINDS.indexOf(evidence.kind) + 1), writeU64(epoch), partsOf(evidence)]);
}

/** Strict inverse of `encodeEvidence`. Proves nothing: `verifyEvidence` does. Throws InvalidEncodingError. */
export function decodeEvidence(bytes: Uint8Array): EvidenceReport {
  const reader = fieldsOf(SUBJECT, itemIn(SUBJECT, bytes), 3);
  const kind = kindOf(reader.index('tag', 255));
  const epoch = reader.u64('epoch');
  const parts = reader.values('parts', ANY_NUMBER, (values) => values.bytes('part'));
  return { epoch, evidence: readEvidence(kind, parts) };
}

function partsOf(evidence: AnyEvidence): readonly Uint8Array[] {
  switch (evidence.kind) {
    case 'doublePropose':
      return [encodeSignedTuple(evidence.first), encodeSignedTuple(evidence.second)];
    case 'doubleVote':
    case 'notarizeAndFinalize':
    case 'nullifyAndFinalize':
      return [encodeVote(evidence.first), encodeVote(evidence.second)];
    case 'badJustification': {
      const { vote, parentCertificate: parent, skipCertificates } = evidence;
      const parentBytes = parent === null ? NULL_ITEM : encodeCertificate(parent);
      return [encodeVote(vote), parentBytes, ...skipCertificates.map(encodeCertificate)];
    }
    case 'conflictingCertificates':
      return [encodeCertificate(evidence.first), encodeCertificate(evidence.second)];
    case 'doubleProduce': {
      const { first, second } = evidence;
      return [...announcementParts(first), ...announcementParts(second)];
    }
    case 'doubleEndorse':
      return [encodeEndorsement(evidence.first), encodeEndorsement(evidence.second)];
  }
}

function announcementParts({ header, signature }: ChunkAnnouncement): readonly Uint8Array[] {
  return [encodeChunkHeader(header), writeFixed(signature, BLS_SIGNATURE_BYTES)];
}

function readEvidence(kind: AnyEvidence['kind'], parts: readonly Uint8Array[]): AnyEvidence {
  switch (kind) {
    case 'doublePropose': {
      const [first, second] = readPair(parts, decodeSignedTuple);
      return { kind, culprit: one(first.leader, second.leader), first, second };
    }
    case 'doubleVote':
    case 'notarizeAndFinalize':
    case 'nullifyAndFinalize': {
      const [first, second] = readPair(parts, decodeVote);
      return { kind, culprit: one(first.signer, second.signer), first, second };
    }
    case 'badJustification':
      return readBadJustification(parts);
    case 'conflictingCertificates': {
      const [first, second] = readPair(parts, decodeCertificate);
      return { kind, culprits: inBoth(first, second), first, second };
    }
    case 'doubleProduce':
      return readDoubleProduce(parts);
    case 'doubleEndorse': {
      const [first, second] = readPair(parts, decodeEndorsement);
      return { kind, culprit: one(first.signer, second.signer), first, second };
    }
  }
}

function readPair<T>(parts: readonly Uint8Array[], decode: (bytes: Uint8Array) => T): readonly [T, T] {
  const [first, second, extra] = parts;
  if (first === undefined || second === undefined || extra !== undefined) throw invalid('two parts are expected');
  return [decode(first), decode(second)];
}

function readBadJustification(parts: readonly Uint8Array[]): AnyEvidence {
  const [voteBytes, parentBytes, ...skips] = parts;
  if (voteBytes === undefined || parentBytes === undefined) throw invalid('a vote and a parent are expected');
  const vote = readNotarize(voteBytes);
  return {
    kind: 'badJustification',
    culprit: vote.signer,
    vote,
    parentCertificate: parentBytes.length === 0 ? null : readTupleCertificate(itemIn(CERTIFICATE, parentBytes)),
    skipCertificates: skips.map((bytes) => readNullifyCertificate(itemIn(CERTIFICATE, bytes))),
  };
}

function readNotarize(bytes: Uint8Array): TupleVote {
  const vote = decodeVote(bytes);
  if (vote.kind !== 'notarize') throw invalid(`a ${vote.kind} vote vouches for no justification`);
  return vote;
}

function readDoubleProduce(parts: readonly Uint8Array[]): AnyEvidence {
  const [firstHeader, firstSignature, secondHeader, secondSignature, extra] = parts;
  if (secondSignature === undefined || extra !== undefined) throw invalid('two headers with signatures are expected');
  const first = readAnnouncement(firstHeader, firstSignature);
  const second = readAnnouncement(secondHeader, secondSignature);
  return { kind: 'doubleProduce', culprit: one(first.header.producer, second.header.producer), first, second };
}

function readAnnouncement(headerBytes: Uint8Array | undefined, signature: Uint8Array | undefined): ChunkAnnouncement {
  if (headerBytes === undefined || signature?.length !== BLS_SIGNATURE_BYTES) {
    throw invalid(`a header and ${BLS_SIGNATURE_BYTES} bytes are expected`);
  }
  const header = decodeChunkHeader(headerBytes);
  return { header, chunkHash: hashChunkHeader(header), signature };
}

/** Two parts of different signers accuse nobody; they are not even evidence by form. */
function one(first: ValidatorIndex, second: ValidatorIndex): ValidatorIndex {
  if (first !== second) throw invalid(`validators ${first} and ${second} can't be one culprit`);
  return first;
}

/** The bits that both bitmaps have, whatever set they belong to. */
function inBoth(first: Certificate, second: Certificate): readonly ValidatorIndex[] {
  const common: ValidatorIndex[] = [];
  for (const [index, byte] of first.bitmap.entries()) {
    const both = byte & (second.bitmap[index] ?? 0);
    for (let bit = 0; bit < 8; bit++) if ((both & (1 << bit)) !== 0) common.push(index * 8 + bit);
  }
  return common;
}

function kindOf(tag: number): AnyEvidence['kind'] {
  const kind = KINDS[tag - 1];
  if (kind === undefined) throw invalid(`tag ${tag} is unknown`);
  return kind;
}

function invalid(reason: string): InvalidEncodingError {
  return new InvalidEncodingError(SUBJECT, reason);
}
