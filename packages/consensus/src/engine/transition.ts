import type { Effect, JournalRecord } from '../effect.ts';
import { type EngineState, type PendingRequest, type Round, type ViewRecord, viewRecord } from './state.ts';

/** What one input leads to. The driver syncs `records` before it performs `effects`, in order. */
export interface Step {
  readonly state: EngineState;
  readonly records: readonly JournalRecord[];
  readonly effects: readonly Effect[];
}

/**
 * A step in the making. It copies each of the two maps before it first writes to it and replaces everything else, so
 * the state it started from stays as it was.
 */
export class Transition {
  #state: EngineState;
  /** This step's own copies; null until it writes. Many inputs (repeated votes, old certificates) change nothing. */
  #views: Map<bigint, ViewRecord> | null = null;
  #requests: Map<number, PendingRequest> | null = null;
  readonly #records: JournalRecord[] = [];
  readonly #effects: Effect[] = [];

  constructor(state: EngineState) {
    this.#state = state;
  }

  get state(): EngineState {
    return this.#state;
  }

  set(patch: Partial<Omit<EngineState, 'views' | 'requests' | 'round'>>): void {
    this.#state = { ...this.#state, ...patch };
  }

  setRound(patch: Partial<Round>): void {
    this.#state = { ...this.#state, round: { ...this.#state.round, ...patch } };
  }

  view(view: bigint): ViewRecord {
    return viewRecord(this.#state, view);
  }

  updateView(view: bigint, patch: Partial<Omit<ViewRecord, 'view'>>): void {
    this.#ownViews().set(view, { ...this.view(view), ...patch });
  }

  dropView(view: bigint): void {
    this.#ownViews().delete(view);
  }

  record(record: JournalRecord): void {
    this.#records.push(record);
  }

  emit(effect: Effect): void {
    this.#effects.push(effect);
  }

  /** Remembers what an effect is asked for; its answer carries the returned id. */
  open(request: PendingRequest): number {
    const id = this.#state.nextRequestId;
    this.#ownRequests().set(id, request);
    this.set({ nextRequestId: id + 1 });
    return id;
  }

  /** The request that an answer belongs to, once; null when it was given up meanwhile. */
  close(id: number): PendingRequest | null {
    const request = this.#state.requests.get(id) ?? null;
    if (request !== null) this.#ownRequests().delete(id);
    return request;
  }

  finish(): Step {
    return { state: this.#state, records: this.#records, effects: this.#effects };
  }
  #ownViews(): Map<bigint, ViewRecord> {
    if (this.#views !== null) return this.#views;
    const views = new Map(this.#state.views);
    this.#views = views;
    this.#state = { ...this.#state, views };
    return views;
  }

  #ownRequests(): Map<number, PendingRequest> {
    if (this.#requests !== null) return this.#requests;
    const requests = new Map(this.#state.requests);
    this.#requests = requests;
    this.#state = { ...this.#state, requests };
    return requests;
  }
}
