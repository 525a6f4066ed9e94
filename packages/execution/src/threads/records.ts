import { bytesToHex, type Hex, hexToBytes, ImpossibleStateError, MAX_U64 } from '@heddle/primitives';
import { INITIAL_RECORD_BYTES } from './limits.ts';

/** Before the bytes of a hexadecimal text that has no number yet. */
const NEW_HEX = 0xffff_ffff;

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
