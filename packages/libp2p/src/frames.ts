import { InvalidFrameError } from './errors.ts';

/** A frame is its length, four bytes big-endian, and so many bytes. */
export const FRAME_HEADER_BYTES = 4;
/** A buffer begins with so many bytes, whatever length is announced: memory follows what has arrived. */
const FIRST_BUFFER_BYTES = 65_536;

export function frameHeader(length: number): Uint8Array {
  return Uint8Array.of(length >>> 24, (length >>> 16) & 0xff, (length >>> 8) & 0xff, length & 0xff);
}

interface OpenFrame {
  readonly length: number;
  buffer: Uint8Array;
  bytes: number;
}

/** Bounds of the frame that begins now. */
export interface FrameLimit {
  /** Longer ones are not read. */
  readonly bytes: number;
  /** Longer ones nobody honest sends. */
  readonly honestBytes: number;
}

/** What is longer is no mistake of this node's about its peer. */
export function exactly(bytes: number): FrameLimit {
  return { bytes, honestBytes: bytes };
}

export interface FrameReaderPorts {
  limit(): FrameLimit;
  /** Room for bytes of a frame that has begun; false: there is none, and the stream has to end. */
  take(bytes: number): boolean;
  release(bytes: number): void;
  /** In order. False: nothing more is wanted. */
  frame(payload: Uint8Array): boolean;
}

/** Cuts what a stream brings into frames. What it holds is its own copy: a trickle of bytes pins no large buffers. */
export class FrameReader {
  readonly #ports: FrameReaderPorts;
  readonly #header = new Uint8Array(FRAME_HEADER_BYTES);
  #headerBytes = 0;
  /** The frame that has begun; null between frames. */
  #frame: OpenFrame | null = null;
  #isOpen = true;

  constructor(ports: FrameReaderPorts) {
    this.#ports = ports;
  }

  /** Throws InvalidFrameError; nothing can be read after it. */
  push(bytes: Uint8Array): void {
    for (let at = 0; this.#isOpen && at < bytes.length; ) {
      at += this.#frame === null ? this.#readHeader(bytes, at) : this.#readPayload(this.#frame, bytes, at);
      this.#deliverWhole();
    }
  }

  /** Lets go of what has begun. Idempotent. */
  close(): void {
    this.#isOpen = false;
    if (this.#frame !== null) this.#ports.release(this.#frame.buffer.length);
    this.#frame = null;
  }

  #readHeader(bytes: Uint8Array, at: number): number {
    const count = Math.min(FRAME_HEADER_BYTES - this.#headerBytes, bytes.length - at);
    this.#header.set(bytes.subarray(at, at + count), this.#headerBytes);
    this.#headerBytes += count;
    if (this.#headerBytes < FRAME_HEADER_BYTES) return count;
    this.#headerBytes = 0;
    const length = this.#header.reduce((value, byte) => value * 256 + byte, 0);
    const limit = this.#ports.limit();
    if (length > limit.bytes) {
      this.#fail(`${length} bytes are above the limit of ${limit.bytes}`, length <= limit.honestBytes);
    }
    const first = Math.min(length, FIRST_BUFFER_BYTES);
    if (!this.#ports.take(first)) this.#fail('too much has begun and not ended', true);
    this.#frame = { length, buffer: new Uint8Array(first), bytes: 0 };
    return count;
  }

  #readPayload(frame: OpenFrame, bytes: Uint8Array, at: number): number {
    const count = Math.min(frame.length - frame.bytes, bytes.length - at);
    if (frame.bytes + count > frame.buffer.length) this.#grow(frame, frame.bytes + count);
    frame.buffer.set(bytes.subarray(at, at + count), frame.bytes);
    frame.bytes += count;
    return count;
  }

  #grow(frame: OpenFrame, needed: number): void {
    const length = Math.min(frame.length, Math.max(needed, 2 * frame.buffer.length));
    if (!this.#ports.take(length - frame.buffer.length)) this.#fail('too much has begun and not ended', true);
    const buffer = new Uint8Array(length);
    buffer.set(frame.buffer);
    frame.buffer = buffer;
  }

  #deliverWhole(): void {
    const frame = this.#frame;
    if (frame === null || frame.bytes < frame.length) return;
    this.#frame = null;
    this.#ports.release(frame.buffer.length);
    if (!this.#ports.frame(frame.buffer)) this.close();
  }

  #fail(reason: string, excusable: boolean): never {
    this.close();
    throw new InvalidFrameError(reason, excusable);
  }
}
