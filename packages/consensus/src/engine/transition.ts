import type { Effect, JournalRecord } from '../effect.ts';
import { type EngineState, type PendingRequest, type Round, type ViewRecord, viewRecord } from './state.ts';

/** What one input leads to. The driver syncs `records` before it performs `effects`, in order. */
export interface Step {
  readonly state: EngineState;
  readonly records: readonly JournalRecord[];
  readonly effects: readonly Effect[];
}

/**
 * A step in the making. It owns its copies of the two maps and replaces everything else, so the state it started
 * from stays as it was.
 */
export class Transition {
  #state: EngineState;
  readonly #views: Map<bigint, ViewRecord>;
  readonly #requests: Map<number, PendingRequest>;
  readonly #records: JournalRecord[] = [];
  readonly #effects: Effect[] = [];

  constructor(state: EngineState) {
    this.#views = new Map(state.views);
    this.#requests = new Map(state.requests);
    this.#state = { ...state, views: this.#views, requests: this.#requests };
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
    this.#views.set(view, { ...this.view(view), ...patch });
  }

  dropView(view: bigint): void {
    this.#views.delete(view);
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
    this.#requests.set(id, request);
    this.set({ nextRequestId: id + 1 });
    return id;
  }

  /** The request that an answer belongs to, once; null when it was given up meanwhile. */
  close(id: number): PendingRequest | null {
    const request = this.#requests.get(id) ?? null;
    this.#requests.delete(id);
    return request;
  }

  finish(): Step {
    return { state: this.#state, records: this.#records, effects: this.#effects };
  }
}
