import {
  bytesToHex,
  decodeRlp,
  decodeUint,
  encodeUint,
  type Hex,
  hexToBytes,
  ImpossibleStateError,
  InvalidRlpError,
  type RlpItem,
} from '@heddle/primitives';
import { InvalidEncodingError } from './errors.ts';
import type { Address, Hash } from './ids.ts';

const MAX_U64 = 0xffffffffffffffffn;
const MAX_U256 = (1n << 256n) - 1n;

/** What stands for null in the place of a list: the empty string 0x80, which no list encodes to. */
export const NULL_ITEM: Uint8Array = new Uint8Array(0);

/** Writers of single fields. A value that its reader would refuse is a bug here: ImpossibleStateError. */
export function writeU64(value: bigint): Uint8Array {
  if (value < 0n || value > MAX_U64) throw new ImpossibleStateError(`${value} is not a u64`);
  return encodeUint(value);
}

export function writeU256(value: bigint): Uint8Array {
  if (value < 0n || value > MAX_U256) throw new ImpossibleStateError(`${value} is not a u256`);
  return encodeUint(value);
}

/** An integer in `0 … maximum`. */
export function writeIndex(value: number, maximum: number): Uint8Array {
  if (value > maximum) throw new ImpossibleStateError(`${value} is above ${maximum}`);
  return encodeUint(value);
}

export function writeAddress(address: Address): Uint8Array {
  return writeHex(address, 20);
}

export function writeHash(hash: Hash): Uint8Array {
  return writeHex(hash, 32);
}

function writeHex(hex: Hex, length: number): Uint8Array {
  const bytes = hexToBytes(hex);
  if (bytes.length !== length) throw new ImpossibleStateError(`${hex} has ${bytes.length} bytes, not ${length}`);
  return bytes;
}

export function writeFixed(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length !== length) throw new ImpossibleStateError(`a field of ${length} bytes got ${bytes.length}`);
  return bytes;
}

export function writeUpTo(bytes: Uint8Array, maximum: number): Uint8Array {
  if (bytes.length > maximum) throw new ImpossibleStateError(`at most ${maximum} bytes fit, got ${bytes.length}`);
  return bytes;
}

/** `decodeRlp` over an own copy of `bytes`, so that the result stays what it is; throws InvalidEncodingError. */
export function decodeItem(subject: string, bytes: Uint8Array): RlpItem {
  try {
    return decodeRlp(new Uint8Array(bytes));
  } catch (error) {
    if (error instanceof InvalidRlpError) throw new InvalidEncodingError(subject, error.message);
    throw error;
  }
}

/** The items of a list of any length. */
export function readList(subject: string, item: RlpItem): readonly RlpItem[] {
  if (item instanceof Uint8Array) throw new InvalidEncodingError(subject, 'a list is expected, not a string');
  return item;
}

/** True for NULL_ITEM. */
export function isNullItem(item: RlpItem): boolean {
  return item instanceof Uint8Array && item.length === 0;
}

/**
 * Reads the fields of one list in order. Every method throws InvalidEncodingError naming subject and field; the
 * number of fields is checked at the start.
 */
export class FieldReader {
  readonly #subject: string;
  readonly #items: readonly RlpItem[];
  #next = 0;

  constructor(subject: string, item: RlpItem, count: number) {
    this.#subject = subject;
    this.#items = readList(subject, item);
    if (this.#items.length !== count) {
      throw new InvalidEncodingError(subject, `it has ${this.#items.length} fields, not ${count}`);
    }
  }

  /** The next field as it is. */
  item(field: string): RlpItem {
    const item = this.#items[this.#next];
    if (item === undefined) throw new ImpossibleStateError(`${this.#subject} has no place for ${field}`);
    this.#next += 1;
    return item;
  }

  list(field: string): readonly RlpItem[] {
    const item = this.item(field);
    if (item instanceof Uint8Array) this.#fail(field, 'is a string where a list is expected');
    return item;
  }

  bytes(field: string): Uint8Array {
    const item = this.item(field);
    if (!(item instanceof Uint8Array)) this.#fail(field, 'is a list where a string is expected');
    return item;
  }

  fixed(field: string, length: number): Uint8Array {
    const bytes = this.bytes(field);
    if (bytes.length !== length) this.#fail(field, `has ${bytes.length} bytes, not ${length}`);
    return bytes;
  }

  upTo(field: string, maximum: number): Uint8Array {
    const bytes = this.bytes(field);
    if (bytes.length > maximum) this.#fail(field, `has ${bytes.length} bytes, more than ${maximum}`);
    return bytes;
  }

  address(field: string): Address {
    return bytesToHex(this.fixed(field, 20));
  }

  hash(field: string): Hash {
    return bytesToHex(this.fixed(field, 32));
  }

  u64(field: string): bigint {
    return this.#uint(field, 8);
  }

  u256(field: string): bigint {
    return this.#uint(field, 32);
  }

  /** An integer in `0 … maximum`. */
  index(field: string, maximum: number): number {
    const value = Number(this.#uint(field, 6));
    if (value > maximum) this.#fail(field, `is ${value}, above ${maximum}`);
    return value;
  }

  #uint(field: string, maxBytes: number): bigint {
    const value = decodeUint(this.upTo(field, maxBytes));
    if (value === null) this.#fail(field, 'has a leading zero');
    return value;
  }

  #fail(field: string, reason: string): never {
    throw new InvalidEncodingError(this.#subject, `${field} ${reason}`);
  }
}
