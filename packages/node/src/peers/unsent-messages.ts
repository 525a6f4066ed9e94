import type { MessageTooLargeError } from '@heddle/network';
import type { Logger } from '../logger.ts';

/** What the link reports of what it could not send. */
export interface LinkMetrics {
  /** A message of this node that no peer would take. It was not sent. */
  unsent(error: MessageTooLargeError): void;
}

/**
 * Counts the messages that were too large, by kind, and logs at 1, 2, 4, 8 … of a kind. Everything that can be long is
 * cut into pieces before, so each is a fault of this program; but it costs that message, and not the validator: what is
 * in a message may be up to a user or a peer.
 */
export class UnsentMessages implements LinkMetrics {
  readonly #log: Logger;
  readonly #counts = new Map<string, number>();

  constructor(log: Logger) {
    this.#log = log;
  }

  get total(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  unsent(error: MessageTooLargeError): void {
    const { kind, bytes, limit } = error.facts;
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    if (Number.isInteger(Math.log2(count)))
      this.#log.error('message not sent: too large', { kind, bytes, limit, count });
  }
}
