import type { Stream } from '@libp2p/interface';

/**
 * Reads no more of a stream, or goes on. Either throws in libp2p when the stream, or the connection under it, closes at that
 * moment, which is up to the peer; then there is nothing to be done.
 */
export function pauseReading(stream: Stream): void {
  if (isReadable(stream)) unlessClosed(() => stream.pause());
}

export function resumeReading(stream: Stream): void {
  if (isReadable(stream)) unlessClosed(() => stream.resume());
}

function isReadable({ readStatus }: Stream): boolean {
  return readStatus === 'readable' || readStatus === 'paused';
}

function unlessClosed(change: () => void): void {
  try {
    change();
  } catch {
    // Its end has been told, or will be.
  }
}
