import type { PeerId } from '@heddle/network';
import { MAX_EARLY_MESSAGES_PER_PEER } from '../limits.ts';

interface EarlyMessage {
  readonly epoch: bigint;
  deliver(): void;
}

/**
 * Messages of the epoch after this one: the others may enter it a moment earlier, and their first proposals and chunks
 * would be missed. Bounded by sender; who sends more than fits loses its own newest, which it will send again.
 */
export class EarlyMessages {
  readonly #held = new Map<PeerId, EarlyMessage[]>();

  hold(from: PeerId, epoch: bigint, deliver: () => void): void {
    const held = this.#held.get(from) ?? [];
    if (held.length >= MAX_EARLY_MESSAGES_PER_PEER) return;
    this.#held.set(from, [...held, { epoch, deliver }]);
  }

  /** The epoch has begun here: delivers what waits for it, by sender in the order of arrival, and forgets the rest. */
  release(epoch: bigint): void {
    const held = [...this.#held.values()].flat();
    this.#held.clear();
    for (const message of held) if (message.epoch === epoch) message.deliver();
  }
}
