import {
  BLS_SIGNATURE_BYTES,
  bytesToHex,
  decodeRlp,
  decodeUint,
  encodeRlp,
  encodeUint,
  hexToBytes,
  InvalidRlpError,
  type RlpItem,
} from '@heddle/primitives';
import { InvalidEncodingError, MAX_SHARDS, MAX_VALIDATORS } from '@heddle/types';
import type { Endorsement } from './types.ts';

const SUBJECT = 'endorsement';
const FIELD_COUNT = 5;
const HASH_BYTES = 32;

/** rlp([shard, parentBlockHash, chunkHash, signer, signature]). */
export function encodeEndorsement(endorsement: Endorsement): Uint8Array {
  return encodeRlp([
    encodeUint(endorsement.shard),
    hexToBytes(endorsement.parentBlockHash),
    hexToBytes(endorsement.chunkHash),
    encodeUint(endorsement.signer),
    endorsement.signature,
  ]);
}

/** Strict inverse of `encodeEndorsement`. Does not verify the signature. Throws InvalidEncodingError. */
export function decodeEndorsement(bytes: Uint8Array): Endorsement {
  const fields = decodeItem(bytes);
  if (fields instanceof Uint8Array || fields.length !== FIELD_COUNT) {
    throw new InvalidEncodingError(SUBJECT, `a list of ${FIELD_COUNT} fields is expected`);
  }
  const [shard, parentBlockHash, chunkHash, signer, signature] = fields;
  return {
    shard: readIndex('shard', shard, MAX_SHARDS - 1),
    parentBlockHash: bytesToHex(readFixed('parentBlockHash', parentBlockHash, HASH_BYTES)),
    chunkHash: bytesToHex(readFixed('chunkHash', chunkHash, HASH_BYTES)),
    signer: readIndex('signer', signer, MAX_VALIDATORS - 1),
    // A copy: the bytes given may be part of a larger buffer that would stay alive with it.
    signature: new Uint8Array(readFixed('signature', signature, BLS_SIGNATURE_BYTES)),
  };
}

function decodeItem(bytes: Uint8Array): RlpItem {
  try {
    return decodeRlp(bytes);
  } catch (error) {
    if (error instanceof InvalidRlpError) throw new InvalidEncodingError(SUBJECT, error.message);
    throw error;
  }
}

function readFixed(field: string, item: RlpItem | undefined, length: number): Uint8Array {
  if (!(item instanceof Uint8Array) || item.length !== length) {
    throw new InvalidEncodingError(SUBJECT, `${field} is not a string of ${length} bytes`);
  }
  return item;
}

function readIndex(field: string, item: RlpItem | undefined, maximum: number): number {
  const value = item instanceof Uint8Array && item.length <= 4 ? decodeUint(item) : null;
  if (value === null || value > maximum) {
    throw new InvalidEncodingError(SUBJECT, `${field} is not an integer in 0 … ${maximum}`);
  }
  return Number(value);
}
