import { HeddleError } from '@heddle/primitives';
import { StorageFailureError } from '../errors.ts';
import { MAX_NAMED_DAMAGES } from '../limits.ts';

/** The parts of a chain that are examined one after the other. */
export type ChainPart = 'files' | 'records' | 'blocks' | 'state' | 'messages' | 'finalizations';

/** One damaged place. */
export interface Damage {
  readonly part: ChainPart;
  readonly what: string;
}

/** What an examination has found wrong so far. */
export class Damages {
  readonly #named: Damage[] = [];
  #count = 0;

  get named(): readonly Damage[] {
    return this.#named;
  }

  /** Those that are not named, too. */
  get count(): number {
    return this.#count;
  }

  add(part: ChainPart, what: string): void {
    this.#count++;
    if (this.#named.length < MAX_NAMED_DAMAGES) this.#named.push({ part, what });
  }

  /** What `read` says; null where what it reads does not decode, which is damage. */
  attempt<Result>(part: ChainPart, what: string, read: () => Result): Result | null {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof HeddleError) || error instanceof StorageFailureError) throw error;
      this.add(part, `${what}: ${error.message}`);
      return null;
    }
  }
}
