import { MAX_HOLD_MS } from '../limits.ts';
import type { Logger } from '../logger.ts';

/**
 * Notices that this machine's clock is behind those of the validators. Of a final block a quorum has judged the timestamp, and
 * nobody judges one that is further ahead of his own clock than MAX_HOLD_MS: what is further ahead of ours shows that ours is
 * wrong. A clock that is ahead shows in nothing that is final: old blocks are no proof, they may have been long on their way.
 */
export class ClockWatch {
  readonly #log: Pick<Logger, 'error' | 'info'>;
  #behindMs = 0;

  constructor(log: Pick<Logger, 'error' | 'info'>) {
    this.#log = log;
  }

  /** By how much at least, milliseconds; 0 where nothing shows it. */
  get behindMs(): number {
    return this.#behindMs;
  }

  /** `timestamp`: of a block that is final now, seconds; `wallMs`: this machine's clock, both since 1970. */
  blockFinal(timestamp: bigint, wallMs: number): void {
    const aheadMs = Number(timestamp) * 1_000 - wallMs;
    const before = this.#behindMs;
    this.#behindMs = aheadMs > MAX_HOLD_MS ? aheadMs : 0;
    if (before === 0 && this.#behindMs > 0) {
      this.#log.error(
        "this machine's clock is behind those of the validators: set it, as by NTP; it takes no part until then",
        {
          seconds: Math.round(this.#behindMs / 1_000),
        },
      );
    }
    if (before > 0 && this.#behindMs === 0)
      this.#log.info("this machine's clock agrees with those of the validators again");
  }
}
