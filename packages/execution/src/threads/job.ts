import type { LanePoolError } from '../errors.ts';
import { type Answer, NOTHING_LEFT, type Work } from './protocol.ts';
import { RecordReader } from './records.ts';

/** A job of the pool, whatever its results are. */
export interface Job {
  readonly work: Work;
  /** All results are there, or it has failed. */
  readonly isSettled: boolean;
  /** Takes results of a worker. */
  take(answer: Extract<Answer, { readonly kind: 'results' }>): void;
  /** Rejects it, unless it is settled, and keeps workers from claiming more of it. */
  fail(error: LanePoolError): void;
}

/** Collects one result for each of `expected` positions; `result` gives them in the order of positions. */
export class CollectingJob<T extends { readonly position: number }> implements Job {
  readonly work: Work;
  readonly result: Promise<readonly T[]>;
  readonly #read: (reader: RecordReader) => T;
  readonly #settle: PromiseWithResolvers<readonly T[]>;
  readonly #results: (T | undefined)[] = [];
  #missing: number;
  isSettled = false;

  constructor(work: Work, expected: number, read: (reader: RecordReader) => T) {
    this.work = work;
    this.#read = read;
    this.#settle = Promise.withResolvers();
    this.result = this.#settle.promise;
    this.#missing = expected;
    if (expected === 0) this.#finish();
  }

  take({ count, records }: Extract<Answer, { readonly kind: 'results' }>): void {
    if (this.isSettled) return;
    const reader = new RecordReader(records);
    for (let i = 0; i < count; i++) {
      const result = this.#read(reader);
      this.#results[result.position] = result;
    }
    this.#missing -= count;
    if (this.#missing <= 0) this.#finish();
  }

  fail(error: LanePoolError): void {
    if (this.isSettled) return;
    this.isSettled = true;
    Atomics.store(new Int32Array(this.work.claimed), 0, NOTHING_LEFT);
    this.#settle.reject(error);
  }

  #finish(): void {
    this.isSettled = true;
    this.#settle.resolve(this.#results.flatMap((result) => (result === undefined ? [] : [result])));
  }
}
