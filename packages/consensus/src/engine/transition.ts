import type { Effect, JournalRecord } from '../effect.ts';
import { type Step, Transition } from '../transition.ts';
import { type EngineRequest, type EngineState, type Round, type ViewRecord, viewRecord } from './state.ts';

/** The driver syncs `records` before it performs `effects`. */
export interface EngineStep extends Step<EngineState, Effect> {
  readonly records: readonly JournalRecord[];
}

/** Changes a view's record in a copy of the map of views, made before the step first writes to it. */
export class EngineTransition extends Transition<EngineState, Effect, EngineRequest> {
  /** This step's own copy; null until it writes. */
  #views: Map<bigint, ViewRecord> | null = null;
  readonly #records: JournalRecord[] = [];

  set(patch: Partial<Omit<EngineState, 'views' | 'requests' | 'nextRequestId' | 'round'>>): void {
    this.replace(patch);
  }

  setRound(patch: Partial<Round>): void {
    this.replace({ round: { ...this.state.round, ...patch } });
  }

  view(view: bigint): ViewRecord {
    return viewRecord(this.state, view);
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

  finish(): EngineStep {
    return { state: this.state, records: this.#records, effects: this.effects };
  }

  #ownViews(): Map<bigint, ViewRecord> {
    if (this.#views !== null) return this.#views;
    const views = new Map(this.state.views);
    this.#views = views;
    this.replace({ views });
    return views;
  }
}
