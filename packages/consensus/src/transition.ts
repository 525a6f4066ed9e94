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
  /** This step's own copy; null until it writes. Many inputs (repeated votes, old certificates) change nothing. */
  #requests: Map<number, R> | null = null;
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
    this.#ownRequests().set(id, request);
    this.#state = { ...this.#state, nextRequestId: id + 1 };
    return id;
  }

  /** The request that an answer belongs to, once; null when it was given up meanwhile. */
  close(id: number): R | null {
    const request = this.#state.requests.get(id) ?? null;
    if (request !== null) this.#ownRequests().delete(id);
    return request;
  }

  /** Gives up the requests that `isOver` says: their answers will find nothing. */
  giveUp(isOver: (request: R) => boolean): void {
    for (const [id, request] of this.#state.requests) if (isOver(request)) this.#ownRequests().delete(id);
  }

  /** Each transition says by itself what may be replaced from outside, and what has a method of its own. */
  protected replace(patch: Partial<S>): void {
    this.#state = { ...this.#state, ...patch };
  }

  #ownRequests(): Map<number, R> {
    if (this.#requests !== null) return this.#requests;
    const requests = new Map(this.#state.requests);
    this.#requests = requests;
    this.#state = { ...this.#state, requests };
    return requests;
  }
}
