/** A seeded generator (mulberry32): the same seed gives the same cases everywhere. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** 0 … 2^32 − 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  /** 0 … bound − 1. */
  below(bound: number): number {
    return this.next() % bound;
  }

  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.below(256));
  }

  /** A word of any size, with the edges more often than chance. */
  word(): bigint {
    const bits = this.below(257);
    const edge = this.pick([0n, 1n, 2n ** BigInt(bits) - 1n, 2n ** 255n, 2n ** 256n - 1n]);
    if (this.chance(40)) return BigInt.asUintN(256, edge);
    let word = 0n;
    for (const byte of this.bytes(1 + this.below(32))) word = (word << 8n) | BigInt(byte);
    return word;
  }
}
