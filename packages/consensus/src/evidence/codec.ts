import {
  BLS_SIGNATURE_BYTES,
  decodeRlp,
  decodeUint,
  encodeRlp,
  encodeUint,
  InvalidRlpError,
  type RlpItem,
} from '@heddle/primitives';
import {
  type Certificate,
  decodeCertificate,
  decodeChunkHeader,
  decodeSignedTuple,
  decodeVote,
  encodeCertificate,
  encodeChunkHeader,
  encodeSignedTuple,
  encodeVote,
  hashChunkHeader,
  InvalidEncodingError,
  type NullifyCertificate,
  type TupleCertificate,
  type TupleVote,
  type ValidatorIndex,
} from '@heddle/types';
import { decodeEndorsement, encodeEndorsement } from '../chunks/codec.ts';
import type { ChunkAnnouncement } from '../chunks/types.ts';
import type { AnyEvidence, EvidenceReport } from './types.ts';

const SUBJECT = 'evidence';
const U64_BYTES = 8;

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
  return encodeRlp([encodeUint(KINDS.indexOf(evidence.kind) + 1), encodeUint(epoch), partsOf(evidence)]);
}

/** Strict inverse of `encodeEvidence`. Proves nothing: `verifyEvidence` does. Throws InvalidEncodingError. */
export function decodeEvidence(bytes: Uint8Array): EvidenceReport {
  const fields = decodeItem(bytes);
  if (fields instanceof Uint8Array || fields.length !== 3) throw invalid('a list of 3 fields is expected');
  const [tag, epoch, parts] = fields;
  if (parts === undefined || parts instanceof Uint8Array) throw invalid('its parts are no list');
  const kind = kindOf(readUint('tag', tag));
  return { epoch: readUint('epoch', epoch), evidence: readEvidence(kind, parts.map(readBytes)) };
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
      const parentBytes = parent === null ? new Uint8Array(0) : encodeCertificate(parent);
      return [encodeVote(vote), parentBytes, ...skipCertificates.map(encodeCertificate)];
    }
    case 'conflictingCertificates':
      return [encodeCertificate(evidence.first), encodeCertificate(evidence.second)];
    case 'doubleProduce': {
      const { first, second } = evidence;
      return [encodeChunkHeader(first.header), first.signature, encodeChunkHeader(second.header), second.signature];
    }
    case 'doubleEndorse':
      return [encodeEndorsement(evidence.first), encodeEndorsement(evidence.second)];
  }
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
    parentCertificate: parentBytes.length === 0 ? null : readTupleCertificate(parentBytes),
    skipCertificates: skips.map(readNullification),
  };
}

function readNotarize(bytes: Uint8Array): TupleVote {
  const vote = decodeVote(bytes);
  if (vote.kind !== 'notarize') throw invalid(`a ${vote.kind} vote vouches for no justification`);
  return vote;
}

function readTupleCertificate(bytes: Uint8Array): TupleCertificate {
  const certificate = decodeCertificate(bytes);
  if (certificate.kind === 'nullify') throw invalid('a nullification stands where a block is certified');
  return certificate;
}

function readNullification(bytes: Uint8Array): NullifyCertificate {
  const certificate = decodeCertificate(bytes);
  if (certificate.kind !== 'nullify') throw invalid(`a ${certificate.kind} stands where a view is skipped`);
  return certificate;
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

function kindOf(tag: bigint): AnyEvidence['kind'] {
  const kind = KINDS[Number(tag) - 1];
  if (kind === undefined) throw invalid(`tag ${tag} is unknown`);
  return kind;
}

function decodeItem(bytes: Uint8Array): RlpItem {
  try {
    // A copy: the parts are kept, and must not keep a larger buffer alive.
    return decodeRlp(new Uint8Array(bytes));
  } catch (error) {
    if (error instanceof InvalidRlpError) throw invalid(error.message);
    throw error;
  }
}

function readBytes(item: RlpItem): Uint8Array {
  if (!(item instanceof Uint8Array)) throw invalid('a part is a list');
  return item;
}

function readUint(field: string, item: RlpItem | undefined): bigint {
  const value = item instanceof Uint8Array && item.length <= U64_BYTES ? decodeUint(item) : null;
  if (value === null) throw invalid(`${field} is no canonical u64`);
  return value;
}

function invalid(reason: string): InvalidEncodingError {
  return new InvalidEncodingError(SUBJECT, reason);
}
