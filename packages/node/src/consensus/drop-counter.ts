import type { ValidatorIndex } from '@heddle/types';
import type { Logger } from '../logger.ts';
import type { PeerLane } from './waiting-inputs.ts';

/** Counts what peers sent beyond the bounds of the input queue; logs at 1, 2, 4, 8 … drops, so that a flood can't flood the log. */
export class DropCounter {
  readonly #log: Logger;
  readonly #drops = new Map<string, number>();
  #total = 0;

  constructor(log: Logger) {
    this.#log = log;
  }

  get total(): number {
    return this.#total;
  }

  of(peer: ValidatorIndex, lane: PeerLane): number {
    return this.#drops.get(`${lane}:${peer}`) ?? 0;
  }

  count(peer: ValidatorIndex, lane: PeerLane): void {
    const drops = this.of(peer, lane) + 1;
    this.#drops.set(`${lane}:${peer}`, drops);
    this.#total += 1;
    if (Number.isInteger(Math.log2(drops))) this.#log.warn('inputs of a peer dropped', { peer, lane, drops });
  }
}
