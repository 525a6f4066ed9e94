import type { Position } from '../results.ts';

interface Entry {
  readonly position: Position;
  readonly order: number;
}

/** Hands out the entry with the least order first. A binary heap. */
export class PositionQueue {
  readonly #entries: Entry[] = [];

  get first(): Entry | null {
    return this.#entries[0] ?? null;
  }

  push(position: Position, order: number): void {
    const entries = this.#entries;
    const entry = { position, order };
    let at = entries.push(entry) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = entries[above];
      if (parent === undefined || isBefore(parent, entry)) break;
      entries[at] = parent;
      at = above;
    }
    entries[at] = entry;
  }

  /** Removes and gives the first; null when nothing is left. */
  take(): Entry | null {
    const first = this.first;
    const last = this.#entries.pop();
    if (last !== undefined && last !== first) this.#sink(last);
    return first;
  }

  /** Puts `entry` where the first was, and then down to its place. */
  #sink(entry: Entry): void {
    const entries = this.#entries;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      const child = lesser(entries[left], entries[left + 1]);
      if (child === undefined || isBefore(entry, child)) break;
      entries[at] = child;
      at = child === entries[left] ? left : left + 1;
    }
    entries[at] = entry;
  }
}

function lesser(a: Entry | undefined, b: Entry | undefined): Entry | undefined {
  return a === undefined || b === undefined || isBefore(a, b) ? a : b;
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.order < b.order;
}
