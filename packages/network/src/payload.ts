import { bytesToHex, decodeRlp, decodeUint, encodeRlp, encodeUint, hexToBytes, type RlpItem } from '@heddle/primitives';
import type { Hash } from '@heddle/types';
import { InvalidWireMessageError } from './errors.ts';

const HASH_BYTES = 32;
const U64_BYTES = 8;

/** Writes and reads of the RLP payloads that have no codec in types. Readers throw InvalidWireMessageError. */
export function writeList(items: readonly RlpItem[]): Uint8Array {
  return encodeRlp(items);
}

export function writeHash(hash: Hash): Uint8Array {
  return hexToBytes(hash);
}

export function writeU64(value: bigint): Uint8Array {
  return encodeUint(value);
}

/** The items of a list of exactly `count`. */
export function readFields(kind: string, payload: Uint8Array, count: number): readonly RlpItem[] {
  const items = readList(kind, decodeRlp(payload));
  if (items.length !== count) throw new InvalidWireMessageError(kind, `${items.length} fields, not ${count}`);
  return items;
}

export function readList(kind: string, item: RlpItem | undefined): readonly RlpItem[] {
  if (item === undefined || item instanceof Uint8Array) {
    throw new InvalidWireMessageError(kind, 'a string stands where a list is expected');
  }
  return item;
}

export function readBytes(kind: string, item: RlpItem | undefined): Uint8Array {
  if (!(item instanceof Uint8Array)) {
    throw new InvalidWireMessageError(kind, 'a list stands where a string is expected');
  }
  return item;
}

export function readHash(kind: string, item: RlpItem | undefined): Hash {
  const bytes = readBytes(kind, item);
  if (bytes.length !== HASH_BYTES) throw new InvalidWireMessageError(kind, `a hash of ${bytes.length} bytes`);
  return bytesToHex(bytes);
}

export function readU64(kind: string, item: RlpItem | undefined): bigint {
  const bytes = readBytes(kind, item);
  const value = bytes.length <= U64_BYTES ? decodeUint(bytes) : null;
  if (value === null) throw new InvalidWireMessageError(kind, 'a number is not a canonical u64');
  return value;
}

/** Runs a decoder on a payload; whatever it throws, the peer sent nonsense. */
export function decodePayload<T>(kind: string, payload: Uint8Array, decode: (payload: Uint8Array) => T): T {
  try {
    return decode(payload);
  } catch (error) {
    if (error instanceof InvalidWireMessageError) throw error;
    throw new InvalidWireMessageError(kind, error instanceof Error ? error.message : 'its payload is malformed', error);
  }
}
