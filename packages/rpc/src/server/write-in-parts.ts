import type { Writable } from 'node:stream';
import { WRITTEN_AT_ONCE } from '../limits.ts';
import { pauseLongWork } from '../slices.ts';

/**
 * Writes a long text of one-byte characters part by part, each when the one before is taken, with turns for others between
 * them. Resolves when all is written or the socket is gone.
 */
export async function writeInParts(socket: Writable, text: string): Promise<void> {
  for (let at = 0; at < text.length && !socket.destroyed; at += WRITTEN_AT_ONCE) {
    await write(socket, text.slice(at, at + WRITTEN_AT_ONCE));
    await (pauseLongWork() ?? undefined);
  }
}

/** Resolves as well when it can't be written any more. */
function write(socket: Writable, text: string): Promise<void> {
  return new Promise((resolve) => {
    socket.write(text, 'latin1', () => resolve());
  });
}
