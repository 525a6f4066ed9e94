import { randomBytes } from 'node:crypto';
import type { Hex } from '@heddle/primitives';
import { bytesToBigint } from '@heddle/primitives';
import type { Hash } from '@heddle/types';
import { CapacityError, FilterNotFoundError } from '../errors.ts';
import { quantity } from '../format/quantity.ts';
import { FILTER_LIFE_MS, MAX_FILTERS } from '../limits.ts';
import type { LogCriteria } from '../logs/criteria.ts';

/** What a filter collects, and how far its owner has read. */
export type FilterState =
  | {
      readonly kind: 'logs';
      readonly criteria: LogCriteria;
      /** The range that the owner named, open where it named a tag. */
      readonly from: bigint;
      readonly to: bigint | null;
      /** First block that has not been reported. */
      next: bigint;
    }
  | { readonly kind: 'blocks'; next: bigint }
  | { readonly kind: 'pending'; hashes: Hash[] };

interface Entry {
  readonly state: FilterState;
  lastUsedMs: number;
}

/** Filters by id. One that is not asked for FILTER_LIFE_MS is forgotten. Ids can't be guessed. */
export class FilterStore {
  readonly #entries = new Map<Hex, Entry>();
  readonly #nowMs: () => number;

  /** `nowMs`: monotonic milliseconds. */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Throws CapacityError when there are MAX_FILTERS that live. */
  add(state: FilterState): Hex {
    this.#dropExpired();
    if (this.#entries.size >= MAX_FILTERS) {
      throw new CapacityError(`too many filters: this node keeps ${MAX_FILTERS}; uninstall some, or subscribe instead`);
    }
    const id = createId();
    this.#entries.set(id, { state, lastUsedMs: this.#nowMs() });
    return id;
  }

  /** The filter's state, its life renewed. Throws FilterNotFoundError. */
  use(id: Hex): FilterState {
    this.#dropExpired();
    const entry = this.#entries.get(id);
    if (entry === undefined) throw new FilterNotFoundError();
    entry.lastUsedMs = this.#nowMs();
    // Least recently used first: expiry looks at the front only.
    this.#entries.delete(id);
    this.#entries.set(id, entry);
    return entry.state;
  }

  /** False when there was none. */
  remove(id: Hex): boolean {
    this.#dropExpired();
    return this.#entries.delete(id);
  }

  /** All that live. */
  *states(): Iterable<FilterState> {
    this.#dropExpired();
    for (const { state } of this.#entries.values()) yield state;
  }

  #dropExpired(): void {
    const oldest = this.#nowMs() - FILTER_LIFE_MS;
    for (const [id, entry] of this.#entries) {
      if (entry.lastUsedMs > oldest) return;
      this.#entries.delete(id);
    }
  }
}

/** 128 random bits as a quantity, which is what clients take for a filter id. */
export function createId(): Hex {
  return quantity(bytesToBigint(randomBytes(16)));
}
