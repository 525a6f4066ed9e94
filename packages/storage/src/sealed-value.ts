/**
 * Values as they lie in the key-value store: the value, then the crc32c of key and value (4 bytes, big-endian). LevelDB has
 * checksums of its own, but its binding does not have them compared when it reads, and a compaction gives damaged
 * bytes a fresh one. The key is covered, so that a value can't pass for another's. Only the format's number lies bare:
 * every version must be able to read it.
 */
import { crc32c, equalBytes } from '@heddle/primitives';
import { metaKey } from './keys.ts';

const CHECKSUM_BYTES = 4;

const BARE_KEY = metaKey('format');

export function sealValue(key: Uint8Array, value: Uint8Array): Uint8Array {
  if (equalBytes(key, BARE_KEY)) return value;
  const sealed = new Uint8Array(value.length + CHECKSUM_BYTES);
  sealed.set(value);
  const checksum = crc32c(value, crc32c(key));
  for (let i = 0; i < CHECKSUM_BYTES; i++) sealed[value.length + i] = checksum >>> (24 - 8 * i);
  return sealed;
}

/** A put that the stores of several validators write: sealed once for all of them. */
export class SealedPut {
  readonly type = 'put';
  readonly key: Uint8Array;
  /** As it lies in the key-value store. */
  readonly sealed: { readonly type: 'put'; readonly key: Uint8Array; readonly value: Uint8Array };

  /** Of any key but the format's. */
  constructor(key: Uint8Array, value: Uint8Array) {
    this.key = key;
    this.sealed = { type: 'put', key, value: sealValue(key, value) };
  }

  /** A view. */
  get value(): Uint8Array {
    const { value } = this.sealed;
    return value.subarray(0, value.length - CHECKSUM_BYTES);
  }
}

/** A view of the value; null when it is not what was sealed under this key. */
export function openSealed(key: Uint8Array, sealed: Uint8Array): Uint8Array | null {
  if (equalBytes(key, BARE_KEY)) return sealed;
  const length = sealed.length - CHECKSUM_BYTES;
  if (length < 0) return null;
  const value = sealed.subarray(0, length);
  const checksum = crc32c(value, crc32c(key));
  for (let i = 0; i < CHECKSUM_BYTES; i++) if (sealed[length + i] !== ((checksum >>> (24 - 8 * i)) & 0xff)) return null;
  return value;
}
