import type { Random } from '@heddle/runtime';
import { InvalidFaultError } from '../errors.ts';

/** What is wrong with the network at the moment, the same for every link. */
export class Faults {
  #latencyMs = 0;
  #dropRate = 0;
  #random: Random | null = null;

  get latencyMs(): number {
    return this.#latencyMs;
  }

  setLatencyMs(latencyMs: number): void {
    if (!Number.isFinite(latencyMs) || latencyMs < 0)
      throw new InvalidFaultError('latency', latencyMs, 'finite and ≥ 0 ms');
    this.#latencyMs = latencyMs;
  }

  setDropRate(rate: number, random: Random): void {
    if (!(rate >= 0 && rate <= 1)) throw new InvalidFaultError('drop rate', rate, 'in 0 … 1');
    this.#dropRate = rate;
    this.#random = random;
  }

  /** Draws whether the next frame is lost. */
  losesNext(): boolean {
    return this.#random !== null && this.#dropRate > 0 && this.#random.next() < this.#dropRate;
  }
}
