import { residentBytes } from './process-usage.ts';
import { aligned } from './table.ts';

const MIB = 1_024 * 1_024;

interface Sample {
  readonly atMs: number;
  readonly bytes: readonly number[];
}

/** What processes have in memory, over time. */
export class MemoryWatch {
  readonly #pids: readonly number[];
  readonly #samples: Sample[] = [];
  readonly #timer: NodeJS.Timeout;

  constructor(pids: readonly number[], everyMs: number) {
    this.#pids = pids;
    this.#timer = setInterval(() => this.#sample(), everyMs);
    this.#sample();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#sample();
  }

  /** Mean over a part of the time, 0 … 1, MiB. Collections come and go: a single look would show them. */
  meanMib(index: number, from: number, to: number): number {
    const [first, last] = [this.#samples[0]?.atMs ?? 0, this.#samples.at(-1)?.atMs ?? 0];
    const within = this.#samples.filter(({ atMs }) => {
      const share = (atMs - first) / Math.max(1, last - first);
      return share >= from && share <= to;
    });
    const sum = within.reduce((total, { bytes }) => total + (bytes[index] ?? 0), 0);
    return Math.round(sum / Math.max(1, within.length) / MIB);
  }

  /** A line for each of so many parts of the time, a column for each process: means in MiB. */
  table(parts: number, names: readonly string[]): string {
    const seconds = ((this.#samples.at(-1)?.atMs ?? 0) - (this.#samples[0]?.atMs ?? 0)) / 1_000;
    const rows = Array.from({ length: parts }, (_, part) => [
      `${Math.round((seconds * part) / parts)}–${Math.round((seconds * (part + 1)) / parts)} s`,
      ...this.#pids.map((_pid, index) => this.meanMib(index, part / parts, (part + 1) / parts)),
    ]);
    return aligned([['RSS, MiB', ...names], ...rows]);
  }

  #sample(): void {
    this.#samples.push({ atMs: performance.now(), bytes: this.#pids.map(residentBytes) });
  }
}
