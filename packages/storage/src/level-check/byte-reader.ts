/** LevelDB's numbers and strings, read in order. What does not read gives null, and so does everything after it. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;
  #failed = false;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return !this.#failed && this.#at === this.#bytes.length;
  }

  /** A number of up to 53 bits, seven bits a byte, the lowest first. */
  varint(): number | null {
    let value = 0;
    for (let scale = 1; scale <= 2 ** 49 && this.#at < this.#bytes.length; scale *= 128) {
      const byte = this.#bytes[this.#at++] ?? 0;
      value += (byte % 128) * scale;
      if (byte < 128) return this.#failed ? null : value;
    }
    this.#failed = true;
    return null;
  }

  bytes(length: number | null): Uint8Array | null {
    if (this.#failed || length === null || this.#at + length > this.#bytes.length) {
      this.#failed = true;
      return null;
    }
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  /** Bytes behind their length. */
  string(): Uint8Array | null {
    return this.bytes(this.varint());
  }
}

/** Four bytes, the lowest first. */
export function uint32(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)) >>> 0
  );
}

/** LevelDB stores checksums turned and moved, since a checksum of bytes that hold checksums is weak. */
export function unmasked(checksum: number): number {
  const turned = (checksum - 0xa282ead8) >>> 0;
  return ((turned >>> 17) | (turned << 15)) >>> 0;
}
