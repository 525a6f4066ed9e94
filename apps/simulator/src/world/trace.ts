import { createHash } from 'node:crypto';
import { TRACE_HASH_CHARACTERS } from '../limits.ts';

/** The log of a run: every line goes into one hash, so that two runs with the same hash are the same run. */
export class Trace {
  readonly #hash = createHash('sha256');
  readonly #write: (line: string) => void;
  /** Not hashed yet: one call for many lines costs a tenth of a call for each. */
  #waiting = '';
  #lines = 0;

  constructor(write: (line: string) => void) {
    this.#write = write;
  }

  get lines(): number {
    return this.#lines;
  }

  add(line: string): void {
    this.#lines += 1;
    this.#waiting += `${line}\n`;
    if (this.#waiting.length >= TRACE_HASH_CHARACTERS) this.#flush();
    this.#write(line);
  }

  /** Of all lines so far, hex. */
  digest(): string {
    this.#flush();
    return this.#hash.copy().digest('hex');
  }

  #flush(): void {
    this.#hash.update(this.#waiting);
    this.#waiting = '';
  }
}
