import type { Random } from './clock.ts';
import { NothingToPickError } from './errors.ts';
import { createSeededRandom } from './seeded-random.ts';

/** Odd, so that different streams of one seed never meet the streams of a neighbouring seed. */
const STREAM_STEP = 0x632be59bd9b4e019n;

/** Everything that a run draws. The same seed and stream give the same draws. */
export class Dice {
  readonly random: Random;

  constructor(random: Random) {
    this.random = random;
  }

  /** Draws of one purpose do not move those of another: a flag that fixes a value leaves the rest of the seed as it is. */
  static of(seed: number, stream: bigint): Dice {
    return new Dice(createSeededRandom(BigInt(seed) + stream * STREAM_STEP));
  }

  /** An integer in 0 … bound − 1. */
  below(bound: number): number {
    return Math.floor(this.random.next() * bound);
  }

  /** An integer in least … most. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  chance(probability: number): boolean {
    return this.random.next() < probability;
  }

  /** Throws NothingToPickError. */
  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new NothingToPickError();
    return item;
  }

  /** One of the items, each as often as its weight says. Throws NothingToPickError. */
  weighted<T>(items: readonly (readonly [item: T, weight: number])[]): T {
    const total = items.reduce((sum, [, weight]) => sum + weight, 0);
    let left = this.random.next() * total;
    for (const [item, weight] of items) {
      left -= weight;
      if (left < 0) return item;
    }
    throw new NothingToPickError();
  }

  shuffled<T>(items: readonly T[]): readonly T[] {
    const keyed = items.map((item) => ({ item, key: this.random.next() }));
    return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
  }
}
