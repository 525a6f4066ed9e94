import { FIRST_SLICE_MS, SLICE_MS } from './limits.ts';

/** New messages that begin together: one a turn would be too few for thousands of small ones a second. */
const FRESH_A_TURN = 16;

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
  #freshIsNext = true;

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

  /** Some new ones or a long one, in turns while both wait: neither may starve the other. */
  #begin(): void {
    const takeFresh = this.#long.length === 0 || (this.#freshIsNext && this.#fresh.length > 0);
    const next = takeFresh ? this.#fresh.splice(0, FRESH_A_TURN) : this.#long.splice(0, 1);
    this.#freshIsNext = !takeFresh;
    this.#until = next.length === 0 ? null : performance.now() + (takeFresh ? FIRST_SLICE_MS : SLICE_MS);
    if (next.length === 0) return;
    for (const go of next) go();
    this.#schedule();
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

/** Resolves when work on a new message may begin. A long one goes to the end of the line, with other long work. */
export async function enterTurn(isLong: boolean): Promise<void> {
  await (isLong ? turns.wait(false) : (turns.pause(true) ?? undefined));
}
