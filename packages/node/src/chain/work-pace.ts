import type { Clock } from '@heddle/runtime';
import { LEAST_PACED_GAS } from '../limits.ts';

/**
 * How much gas a chunk may hold to be built in time, as this machine's speed on its latest chunks has it. Gas says little
 * about time: hashing takes thirty times as long as a token transfer. So what took too long shrinks the next chunk to its
 * measure at once, and each one that came in time doubles it again. A number of gas, so that execution needs no clock.
 */
export class WorkPace {
  readonly #gasLimit: bigint;
  readonly #budgetMs: number;
  #gas: bigint;

  /** `budgetMs`: what building a chunk may take. */
  constructor(gasLimit: bigint, budgetMs: number) {
    this.#gasLimit = gasLimit;
    this.#budgetMs = budgetMs;
    this.#gas = gasLimit;
  }

  /** What the next chunk is filled up to, at most the chunk gas limit. */
  get gas(): bigint {
    return this.#gas;
  }

  /** A chunk that used so much gas took so long here. */
  measured(gasUsed: bigint, elapsedMs: number): void {
    if (elapsedMs <= this.#budgetMs) {
      this.#gas = least(this.#gas * 2n, this.#gasLimit);
      return;
    }
    const share = BigInt(Math.floor((1_000 * this.#budgetMs) / elapsedMs));
    const paced = (gasUsed * share) / 1_000n;
    this.#gas = least(paced > LEAST_PACED_GAS ? paced : LEAST_PACED_GAS, this.#gasLimit);
  }
}

/** The items until `budgetMs` have passed since the first was taken; that one comes in any case. */
export function* takenInTime<T>(items: Iterable<T>, clock: Clock, budgetMs: number): Generator<T> {
  const startMs = clock.monotonicMs();
  for (const item of items) {
    yield item;
    if (clock.monotonicMs() - startMs >= budgetMs) return;
  }
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
