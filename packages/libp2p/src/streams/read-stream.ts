import type { Stream } from '@libp2p/interface';

export interface StreamReader {
  data(bytes: Uint8Array): void;
  /** Once: nothing more comes. */
  end(): void;
}

/** Reads a stream to its end, also one that had ended, or was being sent to, before anybody listened. */
export function readStream(stream: Stream, reader: StreamReader): void {
  let isEnded = false;
  const end = (): void => {
    if (isEnded) return;
    isEnded = true;
    reader.end();
  };
  stream.addEventListener('end', end);
  stream.addEventListener('close', end);
  stream.addEventListener('message', ({ data }) => {
    if (!isEnded) reader.data(data.subarray());
  });
  const isOver = stream.status !== 'open' && stream.status !== 'closing';
  if (stream.readableEnded || (isOver && stream.readBufferLength === 0)) end();
}

/** Writes in pieces, as fast as the other side reads. Rejects when the stream ends before. */
export async function writeStream(stream: Stream, bytes: Uint8Array, pieceBytes: number): Promise<void> {
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    if (!stream.send(bytes.subarray(at, at + pieceBytes))) await stream.onDrain();
  }
}
