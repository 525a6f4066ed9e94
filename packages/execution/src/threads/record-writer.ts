import { type Hex, hexToBytes, MAX_U64 } from '@heddle/primitives';
import { INITIAL_RECORD_BYTES, NEW_HEX } from './records.ts';

/** Writes values one after the other; `RecordReader` reads them in the same order. */
export class RecordWriter {
  #buffer: ArrayBuffer = new ArrayBuffer(INITIAL_RECORD_BYTES);
  #bytes: Uint8Array = new Uint8Array(this.#buffer);
  #view: DataView = new DataView(this.#buffer);
  #length = 0;
  /** Hexadecimal texts so far: one that comes again is written as its number. */
  readonly #seen: Map<Hex, number> = new Map();

  u8(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  u32(value: number): void {
    this.#reserve(4);
    this.#view.setUint32(this.#length, value, true);
    this.#length += 4;
  }

  /** Below 2^256. */
  word(value: bigint): void {
    this.#reserve(33);
    const count = this.#length++;
    let rest = value;
    while (rest !== 0n) {
      // Takes the low 64 bits.
      this.#view.setBigUint64(this.#length, rest, true);
      this.#length += 8;
      rest = rest <= MAX_U64 ? 0n : rest >> 64n;
    }
    this.#bytes[count] = (this.#length - count) >> 3;
  }

  /** Of any length. */
  bytes(value: Uint8Array): void {
    this.u32(value.length);
    this.raw(value);
  }

  /** The reader knows the length. */
  raw(value: Uint8Array): void {
    this.#reserve(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
  }

  /** The reader knows the length. */
  hex(value: Hex): void {
    const seen = this.#seen.get(value);
    if (seen !== undefined) {
      this.u32(seen);
      return;
    }
    this.#seen.set(value, this.#seen.size);
    this.u32(NEW_HEX);
    this.raw(hexToBytes(value));
  }

  /** What was written since the last call, in a buffer of its own; starts anew. */
  take(): ArrayBuffer {
    const taken = this.#buffer.slice(0, this.#length);
    this.#length = 0;
    this.#seen.clear();
    return taken;
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#bytes.length) return;
    const buffer = new ArrayBuffer(Math.max(needed, 2 * this.#bytes.length));
    const grown = new Uint8Array(buffer);
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#buffer = buffer;
    this.#bytes = grown;
    this.#view = new DataView(buffer);
  }
}
