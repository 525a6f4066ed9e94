import { MAX_HOLD_MS } from '../limits.ts';
import type { Logger } from '../logger.ts';

const SECOND_MS = 1_000;

/**
 * Notices that this machine's clock is not that of the validators, by what they say (`PeerClocks`) and by final blocks: of one
 * a quorum has judged the timestamp, and nobody judges one that is further ahead of his own clock than MAX_HOLD_MS. What is
 * further ahead of ours shows that ours is behind. That it is ahead no block shows: old ones may have been long on their way.
 */
export class ClockWatch {
  readonly #log: Pick<Logger, 'error' | 'info'>;
  /** Each signed: above 0 this clock is ahead. */
  #byPeersMs = 0;
  #byBlocksMs = 0;
  #wasOff = false;

  constructor(log: Pick<Logger, 'error' | 'info'>) {
    this.#log = log;
  }

  /** By how much at least this clock is ahead of the validators', milliseconds; below 0: behind; 0 where nothing shows it. */
  get aheadMs(): number {
    return this.#byPeersMs === 0 ? this.#byBlocksMs : this.#byPeersMs;
  }

  /** `timestamp`: of a block that is final now, seconds; `wallMs`: this machine's clock, both since 1970. */
  blockFinal(timestamp: bigint, wallMs: number): void {
    const behindMs = Number(timestamp) * SECOND_MS - wallMs;
    this.#byBlocksMs = behindMs > MAX_HOLD_MS ? -behindMs : 0;
    this.#tell();
  }

  /** What enough of the validators say, as `aheadMs`. */
  peersSay(aheadMs: number): void {
    this.#byPeersMs = aheadMs;
    this.#tell();
  }

  #tell(): void {
    const isOff = this.aheadMs !== 0;
    if (isOff && !this.#wasOff) {
      this.#log.error(`${clockProblem(this.aheadMs)}: set it, as by NTP; it takes no part until then`);
    }
    if (!isOff && this.#wasOff) this.#log.info("this machine's clock agrees with those of the validators again");
    this.#wasOff = isOff;
  }
}

/** For people: what is wrong with a clock that is ahead by `aheadMs`, or behind if that is below 0. */
export function clockProblem(aheadMs: number): string {
  const seconds = Math.round(Math.abs(aheadMs) / SECOND_MS);
  return `this machine's clock is ${seconds} s ${aheadMs > 0 ? 'ahead of' : 'behind'} those of the validators`;
}
