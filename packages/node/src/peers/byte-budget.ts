import { assert } from '@heddle/primitives';

export interface ByteLimits {
  readonly perSender: number;
  /** Of all senders together. */
  readonly total: number;
}

/**
 * Counts bytes that are held for senders. A sender that holds too much loses its own oldest; if all together hold too
 * much, whoever holds most loses its oldest: nobody can take the room of those who hold less.
 */
export class ByteBudget<Sender> {
  readonly #limits: ByteLimits;
  readonly #giveWay: (sender: Sender) => boolean;
  readonly #held = new Map<Sender, number>();
  #total = 0;

  /** `giveWay` lets go of a sender's oldest, releasing its bytes here; false if that sender has nothing to give. */
  constructor(limits: ByteLimits, giveWay: (sender: Sender) => boolean) {
    this.#limits = limits;
    this.#giveWay = giveWay;
  }

  /** Bytes held in all. */
  get total(): number {
    return this.#total;
  }

  heldFor(sender: Sender): number {
    return this.#held.get(sender) ?? 0;
  }

  /** Counts `bytes` more for a sender, after others or its own have given way; false when there is no room. */
  take(sender: Sender, bytes: number): boolean {
    const { perSender, total } = this.#limits;
    if (bytes > perSender || bytes > total) return false;
    while (this.heldFor(sender) + bytes > perSender) {
      if (!this.#giveWay(sender)) return false;
    }
    while (this.#total + bytes > total) {
      const heaviest = this.#heaviest();
      if (heaviest === null || this.heldFor(heaviest) <= this.heldFor(sender) + bytes) return false;
      if (!this.#giveWay(heaviest)) return false;
    }
    this.#held.set(sender, this.heldFor(sender) + bytes);
    this.#total += bytes;
    return true;
  }

  release(sender: Sender, bytes: number): void {
    const rest = this.heldFor(sender) - bytes;
    assert(rest >= 0, 'what is released was taken');
    if (rest === 0) this.#held.delete(sender);
    else this.#held.set(sender, rest);
    this.#total -= bytes;
  }

  #heaviest(): Sender | null {
    let heaviest: Sender | null = null;
    let most = 0;
    for (const [sender, bytes] of this.#held) {
      if (bytes <= most) continue;
      heaviest = sender;
      most = bytes;
    }
    return heaviest;
  }
}
