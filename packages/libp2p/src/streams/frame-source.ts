import type { Stream } from '@libp2p/interface';
import { InvalidFrameError, StreamUnwantedError } from '../errors.ts';
import { exactly, type FrameLimit, FrameReader } from '../frames.ts';
import { readStream } from './read-stream.ts';

/** No frame is so short. */
const NOTHING = -1;

export interface FrameSourcePorts {
  /** Largest of each of the frames to come, in order: a frame more ends the stream. */
  readonly limits: readonly (() => FrameLimit)[];
  take(bytes: number): boolean;
  release(bytes: number): void;
  /** The stream has been ended for what it brought, whether or not anybody waits for it. */
  invalid(error: InvalidFrameError): void;
}

interface Waiting {
  readonly resolve: (frame: Uint8Array) => void;
  readonly reject: (error: unknown) => void;
}

/** A few frames of a stream, asked for one after the other. */
export class FrameSource {
  readonly #frames: Uint8Array[] = [];
  readonly #waiting: Waiting[] = [];
  #failure: unknown = null;

  constructor(stream: Stream, ports: FrameSourcePorts) {
    let count = 0;
    const reader = new FrameReader({
      limit: () => ports.limits[count]?.() ?? exactly(NOTHING),
      take: ports.take,
      release: ports.release,
      frame: (payload) => {
        count += 1;
        this.#take(payload);
        return true;
      },
    });
    readStream(stream, {
      data: (bytes) => {
        try {
          reader.push(bytes);
        } catch (error) {
          this.#fail(error);
          stream.abort(new StreamUnwantedError('it holds no frames'));
          if (error instanceof InvalidFrameError) ports.invalid(error);
        }
      },
      end: () => {
        reader.close();
        this.#fail(new StreamUnwantedError('it ended too early'));
      },
    });
  }

  /** Rejects with InvalidFrameError, or with StreamUnwantedError when the stream ends before. */
  next(): Promise<Uint8Array> {
    const frame = this.#frames.shift();
    if (frame !== undefined) return Promise.resolve(frame);
    if (this.#failure !== null) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
    });
  }

  #take(frame: Uint8Array): void {
    const waiting = this.#waiting.shift();
    if (waiting === undefined) this.#frames.push(frame);
    else waiting.resolve(frame);
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    for (const { reject } of this.#waiting.splice(0)) reject(this.#failure);
  }
}
