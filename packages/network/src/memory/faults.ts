import type { Random } from '@heddle/runtime';
import { InvalidFaultError } from '../errors.ts';
import { checkLatency, delayOf, type Latency, NO_LATENCY } from './latency.ts';
import type { ArrivingCopy, LinkPolicy, Transit } from './link-policy.ts';

/** What is wrong with the network at the moment, but for partitions. */
export class Faults implements LinkPolicy {
  #latency: Latency = NO_LATENCY;
  #jitter: Random | null = null;
  #dropRate = 0;
  #random: Random | null = null;

  setLatency(latency: Latency, random: Random | null): void {
    checkLatency(latency);
    this.#latency = latency;
    this.#jitter = random;
  }

  setDropRate(rate: number, random: Random): void {
    if (!(rate >= 0 && rate <= 1)) throw new InvalidFaultError('drop rate', rate, 'in 0 … 1');
    this.#dropRate = rate;
    this.#random = random;
  }

  copies({ from, to }: Transit): readonly ArrivingCopy[] {
    if (this.#losesNext()) return [];
    return [{ delayMs: delayOf(this.#latency, from, to, () => this.#jitter?.next() ?? 0), overtakes: false }];
  }

  #losesNext(): boolean {
    return this.#random !== null && this.#dropRate > 0 && this.#random.next() < this.#dropRate;
  }
}
