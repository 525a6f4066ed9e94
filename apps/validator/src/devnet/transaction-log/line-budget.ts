/** Counts what is let through in each span of time; the span begins with the first that asks. */
export class LineBudget {
  readonly #mostInSpan: number;
  readonly #spanMs: number;
  readonly #monotonicMs: () => number;
  #beganMs = Number.NEGATIVE_INFINITY;
  #taken = 0;

  constructor(mostInSpan: number, spanMs: number, monotonicMs: () => number) {
    this.#mostInSpan = mostInSpan;
    this.#spanMs = spanMs;
    this.#monotonicMs = monotonicMs;
  }

  /** False when the span has had as many as it may. */
  take(): boolean {
    const nowMs = this.#monotonicMs();
    if (nowMs - this.#beganMs >= this.#spanMs) {
      this.#beganMs = nowMs;
      this.#taken = 0;
    }
    this.#taken++;
    return this.#taken <= this.#mostInSpan;
  }
}
