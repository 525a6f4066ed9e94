import { DuplicateHandlerError } from './errors.ts';

/** One handler a protocol or topic. Throws DuplicateHandlerError. */
export function registerHandler<H>(handlers: Map<string, H>, protocol: string, handler: H, kind: string): void {
  if (handlers.has(protocol)) throw new DuplicateHandlerError(`${kind}:${protocol}`);
  handlers.set(protocol, handler);
}
