import {
  BLS_AGGREGATE_BYTES,
  bytesToHex,
  concatBytes,
  EncodedRlp,
  encodeUint,
  type FieldReader,
  hexToBytes,
  type RlpItem,
  rememberedBy,
  sha256,
  writeFixed,
  writeU64,
} from '@heddle/primitives';
import { readBitmap, writeBitmap } from './bitmap.ts';
import type { Certificate, NullifyCertificate, TupleCertificate } from './consensus.ts';
import { ZERO_HASH } from './constants.ts';
import { InvalidEncodingError } from './errors.ts';
import { fieldsOf, itemIn } from './fields.ts';
import type { Hash } from './ids.ts';
import { KIND_TAGS } from './signing.ts';
import { readKind, readTuple, tupleItem } from './vote-codec.ts';

const SUBJECT = 'certificate';

/** rlp([tag, tuple, bitmap, aggregate]), for nullify rlp([tag, epoch, view, bitmap, aggregate]). Read only: remembered with it. */
export function encodeCertificate(certificate: Certificate): Uint8Array {
  return certificateItem(certificate).bytes;
}

/** Strict inverse of `encodeCertificate`. Does not verify it; `signersOf` checks its bitmap. Throws InvalidEncodingError. */
export function decodeCertificate(bytes: Uint8Array): Certificate {
  return readCertificate(itemIn(SUBJECT, bytes));
}

/** SHA-256 of the encoding, bitmap and aggregate included: names this very certificate, not only what it certifies. */
export const hashCertificate: (certificate: Certificate) => Hash = rememberedBy((certificate) =>
  bytesToHex(sha256(certificateItem(certificate).bytes)),
);

/**
 * SHA-256 over 32 bytes for each hash: the parent certificate's (zeros when the parent is the epoch's genesis), then
 * those of the skip certificates in their order.
 */
export function justificationRoot(
  parentCertificate: TupleCertificate | null,
  skipCertificates: readonly NullifyCertificate[],
): Hash {
  const parent = parentCertificate === null ? ZERO_HASH : hashCertificate(parentCertificate);
  const hashes = [parent, ...skipCertificates.map(hashCertificate)];
  return bytesToHex(sha256(concatBytes(...hashes.map(hexToBytes))));
}

/** Encoded once a certificate: it is hashed, stored and sent, alone and in proposals. */
export const certificateItem: (certificate: Certificate) => EncodedRlp = rememberedBy(
  (certificate) => new EncodedRlp(certificateFields(certificate)),
);

function certificateFields(certificate: Certificate): RlpItem {
  const isNullify = certificate.kind === 'nullify';
  const subject = isNullify
    ? [writeU64(certificate.epoch), writeU64(certificate.view)]
    : [tupleItem(certificate.tuple)];
  return [
    encodeUint(KIND_TAGS[certificate.kind]),
    ...subject,
    writeBitmap(certificate.bitmap),
    writeFixed(certificate.aggregate, BLS_AGGREGATE_BYTES),
  ];
}

export function readCertificate(item: RlpItem): Certificate {
  const reader = fieldsOf(SUBJECT, item, null);
  const kind = readKind(SUBJECT, reader);
  if (kind === 'nullify') {
    reader.expectCount(5);
    return { kind, epoch: reader.u64('epoch'), view: reader.u64('view'), ...readAggregate(reader) };
  }
  reader.expectCount(4);
  return { kind, tuple: readTuple(reader.item('tuple')), ...readAggregate(reader) };
}

function readAggregate(reader: FieldReader): Pick<Certificate, 'bitmap' | 'aggregate'> {
  return { bitmap: readBitmap(reader), aggregate: reader.fixed('aggregate', BLS_AGGREGATE_BYTES) };
}

/** Refuses a nullification. */
export function readTupleCertificate(item: RlpItem): TupleCertificate {
  const certificate = readCertificate(item);
  if (certificate.kind !== 'nullify') return certificate;
  throw new InvalidEncodingError(SUBJECT, 'a nullification stands where a block is certified');
}

/** Refuses everything but a nullification. */
export function readNullifyCertificate(item: RlpItem): NullifyCertificate {
  const certificate = readCertificate(item);
  if (certificate.kind === 'nullify') return certificate;
  throw new InvalidEncodingError(SUBJECT, `a ${certificate.kind} stands where a view is skipped`);
}
