import type { Writable } from 'node:stream';

/** RFC 6455, 5.2: the whole of a message, as text. */
const WHOLE_TEXT = 0x81;
const LENGTH_16 = 126;
const LENGTH_64 = 127;

/**
 * Writes one message of a server: not masked, in one frame. `ws` hands a frame's head and text to the socket as two buffers;
 * for most answers that takes longer than all that is worked out for them. `written` is called when it is on its way, or
 * never will be.
 */
export function writeTextFrame(socket: Writable, text: string, written: () => void): void {
  const bytes = Buffer.byteLength(text, 'utf8');
  const head = headOf(bytes);
  // One-byte characters are written without being encoded, the head's among them.
  if (bytes === text.length) socket.write(head + text, 'latin1', written);
  else socket.write(Buffer.concat([Buffer.from(head, 'latin1'), Buffer.from(text, 'utf8')]), written);
}

/** A byte a character. */
function headOf(bytes: number): string {
  if (bytes < LENGTH_16) return String.fromCharCode(WHOLE_TEXT, bytes);
  const [kind, width] = bytes < 0x1_0000 ? [LENGTH_16, 2] : [LENGTH_64, 8];
  const length = Buffer.alloc(width);
  length.writeUIntBE(bytes, Math.max(0, width - 6), Math.min(width, 6));
  return String.fromCharCode(WHOLE_TEXT, kind) + length.toString('latin1');
}
