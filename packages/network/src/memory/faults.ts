import type { Random } from '@heddle/runtime';
import { InvalidFaultError } from '../errors.ts';
import type { ArrivingCopy, LinkPolicy } from './link-policy.ts';

/** What is wrong with the network at the moment, the same for every link. */
export class Faults implements LinkPolicy {
  #latencyMs = 0;
  #dropRate = 0;
  #random: Random | null = null;

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

  copies(): readonly ArrivingCopy[] {
    return this.#losesNext() ? [] : [{ delayMs: this.#latencyMs, overtakes: false }];
  }

  #losesNext(): boolean {
    return this.#random !== null && this.#dropRate > 0 && this.#random.next() < this.#dropRate;
  }
}
