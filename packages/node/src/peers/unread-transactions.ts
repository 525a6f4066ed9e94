import type { PeerId } from '@heddle/network';
import { MAX_UNREAD_TRANSACTION_BYTES } from '../limits.ts';

/** One message's transactions, as far as they are not read yet. */
interface Unread {
  readonly raws: readonly Uint8Array[];
  next: number;
  readonly bytes: number;
  read(): void;
}

/**
 * Transactions of peers that wait to be read: recovering the senders of one message may take longer than the event loop
 * may be held. Bounded in bytes by peer, and the peers have their turns, so that a flood of one leaves the others alone.
 */
export class UnreadTransactions {
  readonly #waiting = new Map<PeerId, Unread[]>();

  get isEmpty(): boolean {
    return this.#waiting.size === 0;
  }

  /** False if the peer has too much waiting; `read` is called when the last one has been taken, or at `clear`. */
  add(from: PeerId, raws: readonly Uint8Array[], read: () => void): boolean {
    const queue = this.#waiting.get(from) ?? [];
    const bytes = raws.reduce((sum, raw) => sum + raw.length, 0);
    const waiting = queue.reduce((sum, unread) => sum + unread.bytes, 0);
    if (waiting > 0 && waiting + bytes > MAX_UNREAD_TRANSACTION_BYTES) return false;
    if (raws.length === 0) read();
    else this.#waiting.set(from, [...queue, { raws, next: 0, bytes, read }]);
    return true;
  }

  /** Up to `count`, of each peer in turn; those of a peer in their order. */
  take(count: number): readonly Uint8Array[] {
    const taken: Uint8Array[] = [];
    while (taken.length < count && this.#waiting.size > 0) {
      for (const [peer, queue] of this.#waiting) {
        if (taken.length >= count) break;
        taken.push(...this.#takeOne(peer, queue));
      }
    }
    return taken;
  }

  clear(): void {
    const left = [...this.#waiting.values()].flat();
    this.#waiting.clear();
    for (const { read } of left) read();
  }

  #takeOne(peer: PeerId, queue: Unread[]): readonly Uint8Array[] {
    const [first] = queue;
    const raw = first?.raws[first.next];
    if (first === undefined || raw === undefined) return [];
    first.next += 1;
    if (first.next < first.raws.length) return [raw];
    queue.shift();
    if (queue.length === 0) this.#waiting.delete(peer);
    first.read();
    return [raw];
  }
}
