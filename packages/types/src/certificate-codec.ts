import {
  BLS_AGGREGATE_BYTES,
  bytesToHex,
  concatBytes,
  EncodedRlp,
  encodeUint,
  hexToBytes,
  type RlpItem,
  rememberedBy,
  sha256,
} from '@heddle/primitives';
import { readBitmap, writeBitmap } from './bitmap.ts';
import type { Certificate, NullifyCertificate, TupleCertificate } from './consensus.ts';
import { ZERO_HASH } from './constants.ts';
import { InvalidEncodingError } from './errors.ts';
import { decodeItem, FieldReader, writeFixed, writeU64 } from './fields.ts';
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
  return readCertificate(decodeItem(SUBJECT, bytes));
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
  return readKind(SUBJECT, item) === 'nullify' ? readNullifyCertificate(item) : readTupleCertificate(item);
}

/** Refuses a nullification. */
export function readTupleCertificate(item: RlpItem): TupleCertificate {
  const kind = readKind(SUBJECT, item);
  if (kind === 'nullify') throw new InvalidEncodingError(SUBJECT, 'a nullification stands where a block is certified');
  const reader = new FieldReader(SUBJECT, item, 4);
  reader.item('tag');
  return {
    kind,
    tuple: readTuple(reader.item('tuple')),
    bitmap: readBitmap(reader),
    aggregate: reader.fixed('aggregate', BLS_AGGREGATE_BYTES),
  };
}

/** Refuses everything but a nullification. */
export function readNullifyCertificate(item: RlpItem): NullifyCertificate {
  const kind = readKind(SUBJECT, item);
  if (kind !== 'nullify') throw new InvalidEncodingError(SUBJECT, `a ${kind} stands where a view is skipped`);
  const reader = new FieldReader(SUBJECT, item, 5);
  reader.item('tag');
  return {
    kind,
    epoch: reader.u64('epoch'),
    view: reader.u64('view'),
    bitmap: readBitmap(reader),
    aggregate: reader.fixed('aggregate', BLS_AGGREGATE_BYTES),
  };
}
