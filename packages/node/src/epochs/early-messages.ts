import type { PeerId } from '@heddle/network';
import { EARLY_MESSAGE_BYTES, EARLY_MESSAGE_OVERHEAD_BYTES } from '../limits.ts';
import { ByteBudget } from '../peers/byte-budget.ts';

interface HeldMessage {
  readonly epoch: bigint;
  readonly bytes: number;
  deliver(): void;
}

/**
 * Messages of the epoch that begins next: the others may enter it a moment earlier, and their first proposals and chunks
 * would be missed. Bounded in bytes; what does not fit is lost, and its sender says it again.
 */
export class EarlyMessages {
  readonly #held = new Map<PeerId, HeldMessage[]>();
  readonly #budget = new ByteBudget<PeerId>(EARLY_MESSAGE_BYTES, (sender) => this.#dropOldestOf(sender));

  get heldBytes(): number {
    return this.#budget.total;
  }

  /** `payloadBytes`: the message's on the wire. */
  hold(from: PeerId, epoch: bigint, payloadBytes: number, deliver: () => void): void {
    const bytes = payloadBytes + EARLY_MESSAGE_OVERHEAD_BYTES;
    if (!this.#budget.take(from, bytes)) return;
    const held = this.#held.get(from);
    if (held === undefined) this.#held.set(from, [{ epoch, bytes, deliver }]);
    else held.push({ epoch, bytes, deliver });
  }

  /** The epoch has begun here: delivers what waits for it, by sender in the order of arrival, and forgets the rest. */
  release(epoch: bigint): void {
    const held = [...this.#held];
    this.#held.clear();
    for (const [sender, messages] of held) for (const { bytes } of messages) this.#budget.release(sender, bytes);
    for (const [, messages] of held) for (const message of messages) if (message.epoch === epoch) message.deliver();
  }

  #dropOldestOf(sender: PeerId): boolean {
    const dropped = this.#held.get(sender)?.shift();
    if (dropped === undefined) return false;
    this.#budget.release(sender, dropped.bytes);
    return true;
  }
}
