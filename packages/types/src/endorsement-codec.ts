import {
  BLS_AGGREGATE_BYTES,
  BLS_SIGNATURE_BYTES,
  encodeRlp,
  type RlpItem,
  writeFixed,
  writeHash,
  writeIndex,
} from '@heddle/primitives';
import { readBitmap, writeBitmap } from './bitmap.ts';
import type { Endorsement, EndorsementCertificate } from './block.ts';
import { fieldsOf, itemIn } from './fields.ts';
import { MAX_SHARDS, MAX_VALIDATORS } from './limits.ts';

const ENDORSEMENT = 'endorsement';
const CERTIFICATE = 'endorsement certificate';

/** rlp([shard, parentBlockHash, chunkHash, signer, signature]). */
export function encodeEndorsement(endorsement: Endorsement): Uint8Array {
  return encodeRlp([
    ...placeItems(endorsement),
    writeIndex(endorsement.signer, MAX_VALIDATORS - 1),
    writeFixed(endorsement.signature, BLS_SIGNATURE_BYTES),
  ]);
}

/** Strict inverse of `encodeEndorsement`. Does not verify the signature. Throws InvalidEncodingError. */
export function decodeEndorsement(bytes: Uint8Array): Endorsement {
  const reader = fieldsOf(ENDORSEMENT, itemIn(ENDORSEMENT, bytes), 5);
  return {
    shard: reader.index('shard', MAX_SHARDS - 1),
    parentBlockHash: reader.hash('parentBlockHash'),
    chunkHash: reader.hash('chunkHash'),
    signer: reader.index('signer', MAX_VALIDATORS - 1),
    signature: reader.fixed('signature', BLS_SIGNATURE_BYTES),
  };
}

/** rlp([shard, parentBlockHash, chunkHash, bitmap, aggregate]). */
export function encodeEndorsementCertificate(certificate: EndorsementCertificate): Uint8Array {
  return encodeRlp(endorsementCertificateItem(certificate));
}

/** Strict inverse of `encodeEndorsementCertificate`. Throws InvalidEncodingError. */
export function decodeEndorsementCertificate(bytes: Uint8Array): EndorsementCertificate {
  return readEndorsementCertificate(itemIn(CERTIFICATE, bytes));
}

export function endorsementCertificateItem(certificate: EndorsementCertificate): RlpItem {
  return [
    ...placeItems(certificate),
    writeBitmap(certificate.bitmap),
    writeFixed(certificate.aggregate, BLS_AGGREGATE_BYTES),
  ];
}

export function readEndorsementCertificate(item: RlpItem): EndorsementCertificate {
  const reader = fieldsOf(CERTIFICATE, item, 5);
  return {
    shard: reader.index('shard', MAX_SHARDS - 1),
    parentBlockHash: reader.hash('parentBlockHash'),
    chunkHash: reader.hash('chunkHash'),
    bitmap: readBitmap(reader),
    aggregate: reader.fixed('aggregate', BLS_AGGREGATE_BYTES),
  };
}

/** What is endorsed. */
function placeItems({ shard, parentBlockHash, chunkHash }: Endorsement | EndorsementCertificate): RlpItem[] {
  return [writeIndex(shard, MAX_SHARDS - 1), writeHash(parentBlockHash), writeHash(chunkHash)];
}
