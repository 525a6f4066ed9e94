interface Event {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
}

/** Virtual time: a heap of events, ties in the order of their making. */
export class Events {
  nowMs = 0;
  #order = 0;
  readonly #heap: Event[] = [];

  /** Runs `run` once, `delayMs` ≥ 0 from now. */
  after(delayMs: number, run: () => void): void {
    const heap = this.#heap;
    const event = { atMs: this.nowMs + delayMs, order: this.#order++, run };
    let hole = heap.length;
    heap.push(event);
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !isEarlier(event, above)) break;
      heap[hole] = above;
      hole = parent;
    }
    heap[hole] = event;
  }

  /** Runs events up to `untilMs` or until `done` holds; false when the time ran out first. */
  run(untilMs: number, done: () => boolean): boolean {
    while (!done()) {
      const next = this.#heap[0];
      if (next === undefined || next.atMs > untilMs) {
        this.nowMs = untilMs;
        return false;
      }
      this.#removeFirst();
      this.nowMs = next.atMs;
      next.run();
    }
    return true;
  }

  #removeFirst(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let hole = 0;
    for (;;) {
      let child = 2 * hole + 1;
      let least = heap[child];
      if (least === undefined) break;
      const right = heap[child + 1];
      if (right !== undefined && isEarlier(right, least)) {
        least = right;
        child += 1;
      }
      if (!isEarlier(least, last)) break;
      heap[hole] = least;
      hole = child;
    }
    heap[hole] = last;
  }
}

function isEarlier(a: Event, b: Event): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}
