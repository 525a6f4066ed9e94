import { PROGRESS_MS } from '../limits.ts';

/** How far a node is that fetches final blocks: from where it began, where it is, and what it knows to be final. */
export interface Syncing {
  readonly from: bigint;
  readonly head: bigint;
  readonly to: bigint;
}

const SECOND_MS = 1_000;

/** Of one way from our head to a finalization. Says where it is every few seconds, so that a short one says nothing. */
export class SyncProgress {
  readonly #startMs: number;
  readonly #from: bigint;
  #head: bigint;
  #to: bigint;
  #saidMs: number;

  constructor(head: bigint, nowMs: number) {
    this.#from = head;
    this.#head = head;
    this.#to = head;
    this.#startMs = nowMs;
    this.#saidMs = nowMs;
  }

  get state(): Syncing {
    return { from: this.#from, head: this.#head, to: this.#to };
  }

  /** A block of that height is final. */
  targeted(height: bigint): void {
    if (height > this.#to) this.#to = height;
  }

  /** Ours is as high as that now. What to say, or null. Monotonic time. */
  reached(head: bigint, nowMs: number): string | null {
    this.#head = head;
    if (nowMs - this.#saidMs < PROGRESS_MS) return null;
    this.#saidMs = nowMs;
    const rate = (Number(head - this.#from) * SECOND_MS) / (nowMs - this.#startMs);
    const left = this.#to > head ? this.#to - head : 0n;
    const time = rate > 0 ? timeText(Number(left) / rate) : 'unknown';
    return `block ${head} of ${this.#to}: ${rate.toFixed(rate < 10 ? 1 : 0)} blocks/s, ${time} left`;
  }
}

function timeText(seconds: number): string {
  if (seconds < 120) return `${Math.ceil(seconds)} s`;
  if (seconds < 7_200) return `${Math.ceil(seconds / 60)} min`;
  return `${(seconds / 3_600).toFixed(1)} h`;
}
