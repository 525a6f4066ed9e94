import type { Writable } from 'node:stream';
import type { JsonText } from '../json-text.ts';
import { MAX_IDLE_BUFFERS, WRITTEN_AT_ONCE } from '../limits.ts';
import { pauseLongWork } from '../slices.ts';
import { TextParts } from './text-parts.ts';

/** What goes before a part that begins at byte `at` of the text, a character for each byte. */
export type HeadOfPart = (at: number, bytes: number) => string;

/** More than any head has. */
const HEAD_ROOM = 256;

/** Used again and again: fresh memory of this size takes longer to get than to fill. */
const idleBuffers: Buffer[] = [];

/**
 * Writes a long text part by part, each when the one before is taken, with turns for others between them. Resolves when all is
 * written, or `isOpen` says no.
 */
export async function writeInParts(
  stream: Writable,
  text: JsonText,
  headOf: HeadOfPart,
  isOpen: () => boolean,
): Promise<void> {
  const parts = new TextParts(text);
  for (let at = 0; at < text.length && isOpen(); at += WRITTEN_AT_ONCE) {
    const bytes = Math.min(WRITTEN_AT_ONCE, text.length - at);
    await writePart(stream, parts, headOf(at, bytes), bytes);
    await (pauseLongWork() ?? undefined);
  }
}

/** Resolves as well when it can't be written any more. */
async function writePart(stream: Writable, parts: TextParts, head: string, bytes: number): Promise<void> {
  const buffer = idleBuffers.pop() ?? Buffer.allocUnsafeSlow(HEAD_ROOM + WRITTEN_AT_ONCE);
  const start = buffer.write(head, 'latin1');
  const end = parts.fill(buffer.subarray(0, start + bytes), start);
  await new Promise<void>((resolve) => {
    stream.write(buffer.subarray(0, end), () => resolve());
  });
  if (idleBuffers.length < MAX_IDLE_BUFFERS) idleBuffers.push(buffer);
}
