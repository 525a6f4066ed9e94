/** What one input leads to: the state after it, and what is to be done now, in order. */
export interface Step<S, E> {
  readonly state: S;
  readonly effects: readonly E[];
}

/** The effects that wait for an answer, by the number that the answer carries, and the next number. */
export interface Requests<R> {
  readonly requests: ReadonlyMap<number, R>;
  readonly nextRequestId: number;
}

/**
 * A step in the making, of the engine and of the chunk protocol: the state and the effects so far. It replaces what
 * changes and copies the map of requests before it first writes to it, so the state it started from stays as it was.
 */
export class Transition<S extends Requests<R>, E, R> {
  #state: S;
  readonly #requests = new OwnMap<number, R>();
  readonly #effects: E[] = [];

  constructor(state: S) {
    this.#state = state;
  }

  get state(): S {
    return this.#state;
  }

  get effects(): readonly E[] {
    return this.#effects;
  }

  emit(effect: E): void {
    this.#effects.push(effect);
  }

  /** Remembers what an effect is asked for; its answer carries the returned id. */
  open(request: R): number {
    const { nextRequestId: id } = this.#state;
    const requests = this.#requests.of(this.#state.requests).set(id, request);
    this.#state = { ...this.#state, requests, nextRequestId: id + 1 };
    return id;
  }

  /** The request that an answer belongs to, once; null when it was given up meanwhile. */
  close(id: number): R | null {
    const request = this.#state.requests.get(id) ?? null;
    if (request === null) return null;
    const requests = this.#requests.of(this.#state.requests);
    requests.delete(id);
    this.#state = { ...this.#state, requests };
    return request;
  }

  /** Gives up the requests that `isOver` says: their answers will find nothing. */
  giveUp(isOver: (request: R) => boolean): void {
    const over = [...this.#state.requests].filter(([, request]) => isOver(request));
    if (over.length === 0) return;
    const requests = this.#requests.of(this.#state.requests);
    for (const [id] of over) requests.delete(id);
    this.#state = { ...this.#state, requests };
  }

  /** Each transition says by itself what may be replaced from outside, and what has a method of its own. */
  protected replace(patch: Partial<S>): void {
    this.#state = { ...this.#state, ...patch };
  }
}

/** A step's own copy of a map of the state, made when it first writes: many inputs (repeated votes) change nothing. */
export class OwnMap<K, V> {
  #own: Map<K, V> | null = null;

  /** What may be written to. `current`: the state's map, before and after the copy. */
  of(current: ReadonlyMap<K, V>): Map<K, V> {
    this.#own ??= new Map(current);
    return this.#own;
  }
}
