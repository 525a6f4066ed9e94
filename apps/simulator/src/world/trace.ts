import { createHash } from 'node:crypto';

/** The log of a run: every line goes into one hash, so that two runs with the same hash are the same run. */
export class Trace {
  readonly #hash = createHash('sha256');
  readonly #write: (line: string) => void;
  #lines = 0;

  constructor(write: (line: string) => void) {
    this.#write = write;
  }

  get lines(): number {
    return this.#lines;
  }

  add(line: string): void {
    this.#lines += 1;
    this.#hash.update(line);
    this.#hash.update('\n');
    this.#write(line);
  }

  /** Of all lines so far, hex. */
  digest(): string {
    return this.#hash.copy().digest('hex');
  }
}
