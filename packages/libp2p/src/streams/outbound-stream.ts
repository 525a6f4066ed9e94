import { MAX_QUEUED_MESSAGES } from '@heddle/network';
import { concatBytes, utf8ToBytes } from '@heddle/primitives';
import type { Cancel, Scheduler } from '@heddle/runtime';
import type { Stream } from '@libp2p/interface';
import { FRAME_HEADER_BYTES, frameHeader } from '../frames.ts';
import { REOPEN_MS, WRITE_BYTES } from '../limits.ts';

export interface OutboundPorts {
  readonly scheduler: Scheduler;
  /** Bytes that may wait here. */
  readonly maxBytes: number;
  open(): Promise<Stream>;
  /** Room among all that waits for this peer. */
  take(bytes: number): boolean;
  release(bytes: number): void;
  /** A message that waited will not be sent. */
  lost(): void;
}

/** Nothing of the first message is written yet. */
const NOT_BEGUN = -1;

/**
 * The ordered messages of one protocol to one peer, on a stream of their own that stays open. The first frame names the
 * protocol. When the stream breaks, what waits is lost, and the next message opens another one.
 */
export class OutboundStream {
  readonly #name: string;
  readonly #ports: OutboundPorts;
  readonly #queue: Uint8Array[] = [];
  #bytes = 0;
  /** Bytes of the first message that are written. */
  #written = NOT_BEGUN;
  #stream: Stream | null = null;
  #isOpening = false;
  #isClosed = false;
  #cancelReopen: Cancel | null = null;

  constructor(name: string, ports: OutboundPorts) {
    this.#name = name;
    this.#ports = ports;
  }

  /** Null if the message is on its way. `payload` is not copied. */
  push(payload: Uint8Array): 'disconnected' | 'queueFull' | null {
    if (this.#isClosed) return 'disconnected';
    if (this.#queue.length >= MAX_QUEUED_MESSAGES || this.#bytes + payload.length > this.#ports.maxBytes) {
      return 'queueFull';
    }
    if (!this.#ports.take(payload.length)) return 'queueFull';
    this.#queue.push(payload);
    this.#bytes += payload.length;
    // Whoever sends a lot in a row: as few writes as possible.
    if (this.#queue.length === 1) this.#ports.scheduler.soon(() => this.#write());
    return null;
  }

  /** What waits is lost. */
  close(): void {
    this.#isClosed = true;
    this.#cancelReopen?.();
    this.#drop();
    void this.#stream?.close().catch(() => undefined);
    this.#stream = null;
  }

  #write(): void {
    const stream = this.#stream;
    if (stream === null) {
      if (!this.#isOpening && this.#cancelReopen === null && !this.#isClosed) void this.#open();
      return;
    }
    try {
      while (this.#queue.length > 0 && !stream.writableNeedsDrain) stream.send(this.#nextBytes());
    } catch {
      // Closed by the other side; its event comes or has come.
      this.#broken(stream);
    }
  }

  async #open(): Promise<void> {
    this.#isOpening = true;
    try {
      const stream = await this.#ports.open();
      if (this.#isClosed) {
        void stream.close().catch(() => undefined);
        return;
      }
      this.#stream = stream;
      stream.addEventListener('drain', () => this.#write());
      stream.addEventListener('close', () => this.#broken(stream));
      const name = utf8ToBytes(this.#name);
      stream.send(concatBytes(frameHeader(name.length), name));
    } catch {
      this.#broken(this.#stream);
    } finally {
      this.#isOpening = false;
    }
    this.#write();
  }

  /** A peer that ends every stream at once is not asked for one with every message. */
  #broken(stream: Stream | null): void {
    if (this.#isClosed || stream !== this.#stream) return;
    this.#stream = null;
    this.#drop();
    this.#cancelReopen ??= this.#ports.scheduler.after(REOPEN_MS, () => {
      this.#cancelReopen = null;
      if (this.#queue.length > 0) this.#write();
    });
  }

  /** Up to `WRITE_BYTES` of what waits, as frames. */
  #nextBytes(): Uint8Array {
    const parts: Uint8Array[] = [];
    let room = WRITE_BYTES;
    for (let [first] = this.#queue; first !== undefined && room > FRAME_HEADER_BYTES; [first] = this.#queue) {
      if (this.#written === NOT_BEGUN) {
        parts.push(frameHeader(first.length));
        room -= FRAME_HEADER_BYTES;
        this.#written = 0;
      }
      const part = first.subarray(this.#written, this.#written + room);
      parts.push(part);
      room -= part.length;
      this.#written += part.length;
      if (this.#written < first.length) break;
      this.#queue.shift();
      this.#release(first);
      this.#written = NOT_BEGUN;
    }
    return concatBytes(...parts);
  }

  #drop(): void {
    this.#written = NOT_BEGUN;
    for (const payload of this.#queue.splice(0)) {
      this.#release(payload);
      this.#ports.lost();
    }
  }

  #release(payload: Uint8Array): void {
    this.#bytes -= payload.length;
    this.#ports.release(payload.length);
  }
}
