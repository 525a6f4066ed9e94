/** A task and when it is due. `sequence` breaks ties: what was scheduled first runs first. */
export interface ScheduledTask {
  readonly dueMs: number;
  readonly sequence: number;
  readonly task: () => void;
  cancelled: boolean;
}

function isBefore(a: ScheduledTask, b: ScheduledTask): boolean {
  return a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.sequence < b.sequence);
}

/** A binary min-heap of tasks by (due, sequence). */
export class TimerHeap {
  private items: ScheduledTask[] = [];

  get size(): number {
    return this.items.length;
  }

  peek(): ScheduledTask | null {
    return this.items[0] ?? null;
  }

  push(item: ScheduledTask): void {
    this.items.push(item);
    this.siftUp(this.items.length - 1);
  }

  pop(): ScheduledTask | null {
    const top = this.items[0];
    const last = this.items.pop();
    if (top === undefined || last === undefined) return null;
    if (this.items.length > 0) {
      this.items[0] = last;
      this.siftDown(0);
    }
    return top;
  }

  /** Drops the cancelled tasks; O(n). */
  dropCancelled(): void {
    // A sorted array is a heap.
    this.items = this.items.filter((item) => !item.cancelled).sort((a, b) => (isBefore(a, b) ? -1 : 1));
  }

  private siftUp(start: number): void {
    let index = start;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.swapIfBefore(index, parent)) return;
      index = parent;
    }
  }

  private siftDown(start: number): void {
    let index = start;
    for (;;) {
      const left = 2 * index + 1;
      const right = left + 1;
      let least = index;
      if (this.isBeforeAt(left, least)) least = left;
      if (this.isBeforeAt(right, least)) least = right;
      if (least === index) return;
      this.swapIfBefore(least, index);
      index = least;
    }
  }

  private isBeforeAt(index: number, other: number): boolean {
    const a = this.items[index];
    const b = this.items[other];
    return a !== undefined && b !== undefined && isBefore(a, b);
  }

  private swapIfBefore(index: number, other: number): boolean {
    const a = this.items[index];
    const b = this.items[other];
    if (a === undefined || b === undefined || !isBefore(a, b)) return false;
    this.items[index] = b;
    this.items[other] = a;
    return true;
  }
}
