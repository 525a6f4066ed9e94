import { ImpossibleStateError } from './assert.ts';
import { ADDRESS_BYTES, HASH_BYTES, MAX_U64, MAX_U256 } from './bytes.ts';
import { InvalidRlpError } from './errors.ts';
import { bytesToHex, type Hex, hexToBytes } from './hex.ts';
import { decodeRlp, decodeUint, encodeUint, type RlpItem } from './rlp.ts';

/** What stands for null in the place of a list or of fixed bytes: the empty string 0x80. */
export const NULL_ITEM: Uint8Array = new Uint8Array(0);

const U64_BYTES = 8;
const U256_BYTES = 32;
/** Up to this many bytes an integer is exact as a number. */
const INDEX_BYTES = 6;

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

export function writeAddress(address: Hex): Uint8Array {
  return writeHex(address, ADDRESS_BYTES);
}

export function writeHash(hash: Hex): Uint8Array {
  return writeHex(hash, HASH_BYTES);
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

/** Makes the error of whoever owns the bytes. `subject` says what was to be decoded. */
export type Refusal = (subject: string, reason: string) => Error;

/** `decodeRlp`, refused in the owner's words. The strings of the result are views into `bytes`. */
export function decodeItem(refusal: Refusal, subject: string, bytes: Uint8Array): RlpItem {
  try {
    return decodeRlp(bytes);
  } catch (error) {
    if (error instanceof InvalidRlpError) throw refusal(subject, error.message);
    throw error;
  }
}

/** The items of a list of any length. */
export function readList(refusal: Refusal, subject: string, item: RlpItem): readonly RlpItem[] {
  if (item instanceof Uint8Array) throw refusal(subject, 'a list is expected, not a string');
  return item;
}

/** True for NULL_ITEM. */
export function isNullItem(item: RlpItem): boolean {
  return item instanceof Uint8Array && item.length === 0;
}

/**
 * Reads the fields of one RLP list in order: the only place where items are taken apart. Whatever is not as it should be
 * is refused, naming subject and field.
 */
export class FieldReader {
  readonly #refusal: Refusal;
  readonly #subject: string;
  readonly #items: readonly RlpItem[];
  #next = 0;

  /** Refuses what is not a list of `count` items; null: its first field says how many there are (`expectCount`). */
  constructor(refusal: Refusal, subject: string, item: RlpItem, count: number | null) {
    this.#refusal = refusal;
    this.#subject = subject;
    this.#items = readList(refusal, subject, item);
    if (count !== null) this.expectCount(count);
  }

  expectCount(count: number): void {
    const { length } = this.#items;
    if (length !== count) throw this.#refusal(this.#subject, `it has ${length} fields, not ${count}`);
  }

  /** The next field as it is. */
  item(field: string): RlpItem {
    const item = this.#items[this.#next];
    if (item === undefined) this.#fail(`it has ${this.#items.length} fields,`, `${field} is missing`);
    this.#next += 1;
    return item;
  }

  /** A field that is a list of up to `maximum` items. */
  list(field: string, maximum: number): readonly RlpItem[] {
    const item = this.item(field);
    if (item instanceof Uint8Array) this.#fail(field, 'is a string where a list is expected');
    if (item.length > maximum) throw this.#refusal(this.#subject, `it has ${item.length} ${field}`);
    return item;
  }

  /** A field that is a list of up to `maximum` single values: `read` reads one from the reader that it is given. */
  values<T>(field: string, maximum: number, read: (values: FieldReader) => T): T[] {
    const items = this.list(field, maximum);
    const values = new FieldReader(this.#refusal, this.#subject, items, null);
    return items.map(() => read(values));
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

  address(field: string): Hex {
    return bytesToHex(this.fixed(field, ADDRESS_BYTES));
  }

  hash(field: string): Hex {
    return bytesToHex(this.fixed(field, HASH_BYTES));
  }

  /** Null for NULL_ITEM. */
  addressOrNull(field: string): Hex | null {
    return this.#isNullNext() ? null : this.address(field);
  }

  /** Null for NULL_ITEM. */
  hashOrNull(field: string): Hex | null {
    return this.#isNullNext() ? null : this.hash(field);
  }

  u64(field: string): bigint {
    return this.#uint(field, U64_BYTES);
  }

  u256(field: string): bigint {
    return this.#uint(field, U256_BYTES);
  }

  /** An integer in `0 … maximum`. */
  index(field: string, maximum: number): number {
    const value = Number(this.#uint(field, INDEX_BYTES));
    if (value > maximum) this.#fail(field, `is ${value}, above ${maximum}`);
    return value;
  }

  #uint(field: string, maxBytes: number): bigint {
    const value = decodeUint(this.upTo(field, maxBytes));
    if (value === null) this.#fail(field, 'has a leading zero');
    return value;
  }

  #isNullNext(): boolean {
    const item = this.#items[this.#next];
    const isNull = item !== undefined && isNullItem(item);
    if (isNull) this.#next += 1;
    return isNull;
  }

  #fail(field: string, reason: string): never {
    throw this.#refusal(this.#subject, `${field} ${reason}`);
  }
}
