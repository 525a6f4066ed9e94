import { bytesToHex, decodeRlp, decodeUint, InvalidRlpError, type RlpItem } from '@heddle/primitives';
import type { Address, Hash } from '@heddle/types';
import { CorruptRecordError } from './errors.ts';

/** Reads the fields of a stored RLP list in order. Every method throws `CorruptRecordError`. */
export class RecordReader {
  readonly #what: string;
  readonly #items: readonly RlpItem[];
  #next = 0;

  constructor(what: string, item: RlpItem) {
    if (item instanceof Uint8Array) throw new CorruptRecordError(what);
    this.#what = what;
    this.#items = item;
  }

  static decode(what: string, bytes: Uint8Array): RecordReader {
    try {
      // An own copy: decoded strings are views, and must not depend on what the database does with its buffer.
      return new RecordReader(what, decodeRlp(new Uint8Array(bytes)));
    } catch (error) {
      if (error instanceof InvalidRlpError) throw new CorruptRecordError(what);
      throw error;
    }
  }

  get length(): number {
    return this.#items.length;
  }

  #item(): RlpItem {
    const item = this.#items[this.#next++];
    if (item === undefined) throw new CorruptRecordError(this.#what);
    return item;
  }

  bytes(): Uint8Array {
    const item = this.#item();
    if (!(item instanceof Uint8Array)) throw new CorruptRecordError(this.#what);
    return item;
  }

  uint(): bigint {
    const value = decodeUint(this.bytes());
    if (value === null) throw new CorruptRecordError(this.#what);
    return value;
  }

  /** An index or a count. */
  number(): number {
    return Number(this.uint());
  }

  hash(): Hash {
    return this.#fixed(32);
  }

  address(): Address {
    return this.#fixed(20);
  }

  hashOrNull(): Hash | null {
    const bytes = this.bytes();
    return bytes.length === 0 ? null : bytesToHex(bytes);
  }

  addressOrNull(): Address | null {
    return this.hashOrNull();
  }

  list(): readonly RlpItem[] {
    const item = this.#item();
    if (item instanceof Uint8Array) throw new CorruptRecordError(this.#what);
    return item;
  }

  /** A field that is a list of its own. */
  reader(): RecordReader {
    return new RecordReader(this.#what, this.#item());
  }

  #fixed(length: number): Hash {
    const bytes = this.bytes();
    if (bytes.length !== length) throw new CorruptRecordError(this.#what);
    return bytesToHex(bytes);
  }
}
