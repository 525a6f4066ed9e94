import type { IncomingMessage } from 'node:http';
import { CapacityError } from '../errors.ts';
import { MAX_DISCARDED_BYTES, MAX_REQUEST_BYTES } from '../limits.ts';
import type { Hold } from '../protocol/byte-budget.ts';

export type Body =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'tooLarge' }
  /** The bodies of all clients together take too much room. */
  | { readonly kind: 'noRoom'; readonly error: CapacityError }
  /** The client went away. */
  | { readonly kind: 'aborted' };

/** Reads a request's body, no further than it may be long. What was read is in `hold`, which the caller releases. */
export function readBody(request: IncomingMessage, hold: Hold): Promise<Body> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_REQUEST_BYTES) return Promise.resolve({ kind: 'tooLarge' });
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    let length = 0;
    const stop = (body: Body): void => {
      request.removeAllListeners('data');
      parts.length = 0;
      resolve(body);
    };
    request.on('data', (part: Buffer) => {
      length += part.length;
      if (length > MAX_REQUEST_BYTES) return stop({ kind: 'tooLarge' });
      const error = refused(hold, part.length);
      if (error !== null) return stop({ kind: 'noRoom', error });
      parts.push(part);
    });
    request.on('end', () => resolve({ kind: 'text', text: Buffer.concat(parts).toString('utf8') }));
    // 'close' also follows 'end'; a promise settles once.
    request.on('close', () => stop({ kind: 'aborted' }));
    request.on('error', () => stop({ kind: 'aborted' }));
  });
}

function refused(hold: Hold, bytes: number): CapacityError | null {
  try {
    hold.take(bytes);
    return null;
  } catch (error) {
    if (error instanceof CapacityError) return error;
    throw error;
  }
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
