import { FIRST_SLICE_MS, SLICE_MS } from './limits.ts';

/** New messages that begin together: one a turn would be too few for thousands of small ones a second. */
const FRESH_A_TURN = 16;

/** Turns of the event loop between two slices of long work. An empty one takes microseconds. */
const TURNS_BETWEEN = 8;

/**
 * Shares the event loop out: in each of its turns the work of RPC as a whole gets about SLICE_MS, whoever asked for it,
 * so that a hundred long answers do not make a turn of a hundred slices. New messages come first and get a short slice;
 * what is not done by then waits in line with the other long work. Since this is about the loop, which a process has
 * only one of, there is only one.
 */
class Turns {
  readonly #fresh: (() => void)[] = [];
  readonly #long: (() => void)[] = [];
  /** When what runs now has to pause; null before anything has run in this turn. */
  #until: number | null = null;
  #scheduled = false;
  /** Turns until long work has its next slice. */
  #gap = 0;

  /** Null when there is time left in this turn. */
  pause(isFresh: boolean): Promise<void> | null {
    const now = performance.now();
    if (this.#until === null) {
      this.#until = now + FIRST_SLICE_MS;
      this.#schedule();
    }
    if (now < this.#until && (!isFresh || this.#fresh.length === 0)) return null;
    return this.wait(isFresh);
  }

  wait(isFresh: boolean): Promise<void> {
    return new Promise((resolve) => {
      (isFresh ? this.#fresh : this.#long).push(resolve);
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#begin();
    });
  }

  /** After each slice of long work come some turns without: the loop accepts one connection in each, for example. */
  #begin(): void {
    const isGap = this.#gap > 0 || this.#long.length === 0;
    this.#gap = isGap ? Math.max(0, this.#gap - 1) : TURNS_BETWEEN;
    const next = isGap ? this.#fresh.splice(0, FRESH_A_TURN) : this.#long.splice(0, 1);
    this.#until = next.length === 0 ? null : performance.now() + (isGap ? FIRST_SLICE_MS : SLICE_MS);
    for (const go of next) go();
    if (next.length > 0 || this.#long.length > 0) this.#schedule();
  }
}

const turns = new Turns();

/** Call it between steps of long work: when its slice is over it lets the event loop serve others first. */
export type Slicer = () => Promise<void>;

const NOBODY_ASKED: AbortSignal = new AbortController().signal;

/**
 * With the signal of a request its slicer throws the signal's reason once it is aborted: long work that is in slices
 * stops by itself when nobody waits for it.
 */
export function createSlicer(signal: AbortSignal = NOBODY_ASKED): Slicer {
  return async () => {
    await (turns.pause(false) ?? undefined);
    signal.throwIfAborted();
  };
}

/** The same for work that need not wait mostly: null while its slice lasts. */
export function pauseLongWork(): Promise<void> | null {
  return turns.pause(false);
}

/** Resolves when work on a new message may begin; null: now. A long one goes to the end of the line, with other long work. */
export function enterTurn(isLong: boolean): Promise<void> | null {
  return isLong ? turns.wait(false) : turns.pause(true);
}
