import { bytesToHex, type Hex, ImpossibleStateError } from '@heddle/primitives';
import { NEW_HEX } from './records.ts';

/** Reads what a `RecordWriter` wrote, in the same order. Bytes are views: they keep the whole buffer alive. */
export class RecordReader {
  readonly #buffer: ArrayBuffer;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #seen: Hex[] = [];
  #at = 0;

  constructor(buffer: ArrayBuffer) {
    this.#buffer = buffer;
    this.#bytes = new Uint8Array(buffer);
    this.#view = new DataView(buffer);
  }

  u8(): number {
    const value = this.#bytes[this.#at++];
    if (value === undefined) throw new ImpossibleStateError('a record ends too early');
    return value;
  }

  u32(): number {
    const value = this.#view.getUint32(this.#at, true);
    this.#at += 4;
    return value;
  }

  word(): bigint {
    const count = this.u8();
    if (count === 0) return 0n;
    const at = this.#at;
    this.#at += 8 * count;
    let value = this.#view.getBigUint64(at + 8 * (count - 1), true);
    for (let i = count - 2; i >= 0; i--) value = (value << 64n) | this.#view.getBigUint64(at + 8 * i, true);
    return value;
  }

  bytes(): Uint8Array {
    return this.raw(this.u32());
  }

  raw(length: number): Uint8Array {
    const value = new Uint8Array(this.#buffer, this.#at, length);
    this.#at += length;
    return value;
  }

  hex(length: number): Hex {
    const number = this.u32();
    if (number !== NEW_HEX) {
      const seen = this.#seen[number];
      if (seen === undefined) throw new ImpossibleStateError('a record refers to a text that was not there yet');
      return seen;
    }
    const text = bytesToHex(this.raw(length));
    this.#seen.push(text);
    return text;
  }
}
