import { readWord, writeWord } from './words.ts';

const INITIAL_BYTES = 1024;

/** A frame's memory: bytes that grow in words. Growth is charged by `Frame.expandMemory`, which calls `grow`. */
export class Memory {
  /** Bytes in use, a multiple of 32: MSIZE. */
  size = 0;
  #bytes: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  #view: DataView = new DataView(this.#bytes.buffer);

  /** Bytes that are there, in use or not. */
  get capacity(): number {
    return this.#bytes.length;
  }

  /** Takes all of it out of use. What is not in use is zero. */
  clear(): void {
    this.#bytes.fill(0, 0, this.size);
    this.size = 0;
  }

  /** Makes `size` bytes (a multiple of 32) readable. */
  grow(size: number): void {
    this.size = size;
    if (size <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(INITIAL_BYTES, size, this.#bytes.length * 2));
    grown.set(this.#bytes);
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }

  readWord(offset: number): bigint {
    return readWord(this.#view, offset);
  }

  writeWord(offset: number, word: bigint): void {
    writeWord(this.#view, offset, word);
  }

  writeByte(offset: number, byte: number): void {
    this.#view.setUint8(offset, byte);
  }

  /** A copy. */
  read(offset: number, length: number): Uint8Array {
    return length === 0 ? new Uint8Array(0) : this.#bytes.slice(offset, offset + length);
  }

  /** Valid until the next write or growth. */
  view(offset: number, length: number): Uint8Array {
    return this.#bytes.subarray(offset, offset + length);
  }

  write(offset: number, bytes: Uint8Array): void {
    if (bytes.length > 0) this.#bytes.set(bytes, offset);
  }

  /** `length` bytes of `source` from `sourceOffset`, zeros beyond its end. */
  writeZeroPadded(offset: number, length: number, source: Uint8Array, sourceOffset: bigint): void {
    if (length === 0) return;
    const from = sourceOffset < BigInt(source.length) ? Number(sourceOffset) : source.length;
    const available = Math.min(length, source.length - from);
    this.#bytes.set(source.subarray(from, from + available), offset);
    this.#bytes.fill(0, offset + available, offset + length);
  }

  /** MCOPY (EIP-5656): ranges may overlap. */
  copyWithin(target: number, source: number, length: number): void {
    if (length > 0) this.#bytes.copyWithin(target, source, source + length);
  }
}
