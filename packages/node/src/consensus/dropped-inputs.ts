import type { ValidatorIndex } from '@heddle/types';
import type { Logger } from '../logger.ts';
import type { PeerQueue } from './waiting-inputs.ts';

/** Counts what peers sent beyond the bounds of the input queue; logs at 1, 2, 4, 8 … drops, so that a flood can't flood the log. */
export class DroppedInputs {
  readonly #log: Logger;
  readonly #drops = new Map<string, number>();
  #total = 0;

  constructor(log: Logger) {
    this.#log = log;
  }

  get total(): number {
    return this.#total;
  }

  of(peer: ValidatorIndex, queue: PeerQueue): number {
    return this.#drops.get(`${queue}:${peer}`) ?? 0;
  }

  count(peer: ValidatorIndex, queue: PeerQueue): void {
    const drops = this.of(peer, queue) + 1;
    this.#drops.set(`${queue}:${peer}`, drops);
    this.#total += 1;
    if (Number.isInteger(Math.log2(drops))) this.#log.warn('inputs of a peer dropped', { peer, lane: queue, drops });
  }
}
