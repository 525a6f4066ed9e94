import type { Writable } from 'node:stream';
import type { JsonText } from '../json-text.ts';
import { writeInParts } from './write-in-parts.ts';

/** RFC 6455, 5.2. */
const FIN = 0x80;
const TEXT = 1;
const CONTINUATION = 0;
const LENGTH_16 = 126;
const LENGTH_64 = 127;

/**
 * Writes one message of a server in one frame, not masked. `ws` hands a frame's head and text to the socket as two buffers; for
 * most answers that takes longer than all that is worked out for them. `written` is called when it is on its way, or
 * never will be.
 */
export function writeTextFrame(stream: Writable, text: JsonText, written: () => void): void {
  stream.write(headOf(FIN | TEXT, text.length) + text.whole, 'latin1', written);
}

/** The same in fragments, with turns for others between them: frames that are no messages may come between. */
export function writeTextFragments(stream: Writable, text: JsonText, isOpen: () => boolean): Promise<void> {
  const headOfFragment = (at: number, bytes: number): string => {
    const isLast = at + bytes === text.length;
    return headOf((isLast ? FIN : 0) | (at === 0 ? TEXT : CONTINUATION), bytes);
  };
  return writeInParts(stream, text, headOfFragment, isOpen);
}

/** A byte a character. */
function headOf(kind: number, bytes: number): string {
  if (bytes < LENGTH_16) return String.fromCharCode(kind, bytes);
  const [marker, width] = bytes < 0x1_0000 ? [LENGTH_16, 2] : [LENGTH_64, 8];
  const length = Buffer.alloc(width);
  length.writeUIntBE(bytes, Math.max(0, width - 6), Math.min(width, 6));
  return String.fromCharCode(kind, marker) + length.toString('latin1');
}
