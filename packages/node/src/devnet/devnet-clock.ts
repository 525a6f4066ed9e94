import type { Clock } from '@heddle/runtime';
import { type BlockHeader, runOf, type Section } from '@heddle/types';
import { TimestampTooLateError, TimestampTooLowError } from '../errors.ts';
import { MAX_CONTROLLED_TIMESTAMP } from '../limits.ts';

/** What a final block says of time. */
interface TimedBlock {
  readonly header: Pick<BlockHeader, 'timestamp'>;
  readonly section: Pick<Section, 'control'> | null;
}

/**
 * The wall clock of all validators of a devnet: its owner moves it. What it says becomes the timestamp of blocks, so it is
 * policy and no protocol: nothing has to be agreed, and who catches up needs none of it. Timers run on the real one.
 */
export class DevnetClock implements Clock {
  readonly #base: Clock;
  /** Seconds beside the system's time. */
  #offset = 0n;
  /** Seconds: the next block's timestamp, and what the clock shows until it is final. */
  #next: bigint | null = null;
  /** Seconds from each block to the next; null: as time goes. */
  #interval: bigint | null = null;
  /** Timestamp of the newest final block. */
  #head = 0n;

  constructor(base: Clock) {
    this.#base = base;
  }

  monotonicMs(): number {
    return this.#base.monotonicMs();
  }

  wallMs(): number {
    const pinned = this.#pinned();
    return pinned === null ? this.#base.wallMs() + Number(this.#offset) * 1_000 : Number(pinned) * 1_000;
  }

  /** Timestamp of a block that is made now. */
  get nowSeconds(): bigint {
    return this.#pinned() ?? this.#systemSeconds() + this.#offset;
  }

  /** The next block's timestamp is settled, however much time goes by. */
  get isPinned(): boolean {
    return this.#pinned() !== null;
  }

  /** Seconds between two blocks, whatever time goes by; null: as time goes. */
  get interval(): bigint | null {
    return this.#interval;
  }

  /** Moves time on. Returns how far it is ahead of the system's in all, seconds. Throws `TimestampTooLateError`. */
  increase(seconds: bigint): bigint {
    checkLatest(this.#systemSeconds() + this.#offset + seconds);
    this.#offset += seconds;
    return this.#offset;
  }

  /** Returns by how many seconds time has moved on. Throws `TimestampTooLowError`, `TimestampTooLateError`. */
  set(timestamp: bigint): bigint {
    this.#check(timestamp);
    const before = this.nowSeconds;
    this.#next = null;
    this.#offset = timestamp - this.#systemSeconds();
    return timestamp > before ? timestamp - before : 0n;
  }

  /** The next block has this timestamp, and time goes on from there. Throws `TimestampTooLowError`, `TimestampTooLateError`. */
  setNext(timestamp: bigint): void {
    this.#check(timestamp);
    this.#next = timestamp;
  }

  setInterval(seconds: bigint | null): void {
    this.#interval = seconds;
  }

  /** The chain has a block of this time: a clock behind it would make all blocks of one second until it is there. */
  notBefore(timestamp: bigint): void {
    if (timestamp > this.#head) this.#head = timestamp;
    const behind = timestamp - (this.#systemSeconds() + this.#offset);
    if (behind > 0n) this.#offset += behind;
  }

  /** A block has become final. */
  blockFinal({ header: { timestamp }, section }: TimedBlock): void {
    const control = section?.control ?? null;
    // A control block that mines nothing has its parent's time: it is not the next block that anybody meant.
    const isMined = control === null || runOf(control) !== null;
    if (isMined && this.#next !== null && timestamp >= this.#next) {
      this.#offset = timestamp - this.#systemSeconds();
      this.#next = null;
    }
    this.notBefore(timestamp);
  }

  /** The chain stands on another block than before, which need not be later: time goes on from there. */
  rewound(timestamp: bigint): void {
    this.#head = timestamp;
    this.#next = null;
    this.#offset = timestamp - this.#systemSeconds();
  }

  #pinned(): bigint | null {
    if (this.#next !== null) return this.#next;
    return this.#interval === null ? null : this.#head + this.#interval;
  }

  #check(timestamp: bigint): void {
    if (timestamp < this.#head) throw new TimestampTooLowError(timestamp);
    checkLatest(timestamp);
  }

  #systemSeconds(): bigint {
    return BigInt(Math.floor(this.#base.wallMs() / 1_000));
  }
}

/** Throws `TimestampTooLateError`. */
export function checkLatest(timestamp: bigint): void {
  if (timestamp > MAX_CONTROLLED_TIMESTAMP) throw new TimestampTooLateError(timestamp, MAX_CONTROLLED_TIMESTAMP);
}
