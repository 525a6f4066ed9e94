import type { IncomingMessage } from 'node:http';
import { MAX_DISCARDED_BYTES, MAX_REQUEST_BYTES } from '../limits.ts';

export type Body =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'tooLarge' }
  /** The client went away. */
  | { readonly kind: 'aborted' };

/** Reads a request's body, no further than it may be long. */
export function readBody(request: IncomingMessage): Promise<Body> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_REQUEST_BYTES) return Promise.resolve({ kind: 'tooLarge' });
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    let length = 0;
    request.on('data', (part: Buffer) => {
      length += part.length;
      if (length <= MAX_REQUEST_BYTES) parts.push(part);
      else resolve({ kind: 'tooLarge' });
    });
    request.on('end', () => resolve({ kind: 'text', text: Buffer.concat(parts).toString('utf8') }));
    // 'close' also follows 'end'; a promise settles once.
    request.on('close', () => resolve({ kind: 'aborted' }));
    request.on('error', () => resolve({ kind: 'aborted' }));
  });
}

/** Throws away what is left of a body that was refused: a client that is still sending would not read the answer. */
export function discardBody(request: IncomingMessage): void {
  let length = 0;
  request.on('data', (part: Buffer) => {
    length += part.length;
    if (length > MAX_DISCARDED_BYTES) request.destroy();
  });
  request.resume();
}
