import type { Writable } from 'node:stream';
import { ANSWER_BYTES_PER_S, ANSWER_TIMEOUT_MS } from '../limits.ts';

/**
 * What was not written at once waits for the client to read: a client that takes far too long for `bytes` is cut off. Call
 * the returned function when all is written.
 */
export function cutSlowReader(stream: Writable, bytes: number): () => void {
  return stream.writableFinished || stream.writableLength === 0 ? () => {} : cutUnlessRead(stream, bytes);
}

/** The same for what is going to be written bit by bit. */
export function cutUnlessRead(stream: Writable, bytes: number): () => void {
  const timer = setTimeout(() => stream.destroy(), ANSWER_TIMEOUT_MS + (1_000 * bytes) / ANSWER_BYTES_PER_S);
  timer.unref();
  const stop = (): void => clearTimeout(timer);
  stream.once('close', stop);
  return () => {
    stop();
    stream.off('close', stop);
  };
}
