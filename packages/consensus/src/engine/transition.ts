import type { Effect, JournalRecord } from '../effect.ts';
import { OwnMap, type Step, Transition } from '../transition.ts';
import { type EngineRequest, type EngineState, type Round, type ViewRecord, viewRecord } from './state.ts';

/** The driver syncs `records` before it performs `effects`. */
export interface EngineStep extends Step<EngineState, Effect> {
  readonly records: readonly JournalRecord[];
}

/** A step of the engine in the making. */
export class EngineTransition extends Transition<EngineState, Effect, EngineRequest> {
  readonly #views = new OwnMap<bigint, ViewRecord>();
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
    const record = { ...this.view(view), ...patch };
    this.replace({ views: this.#views.of(this.state.views).set(view, record) });
  }

  dropView(view: bigint): void {
    const views = this.#views.of(this.state.views);
    views.delete(view);
    this.replace({ views });
  }

  record(record: JournalRecord): void {
    this.#records.push(record);
  }

  finish(): EngineStep {
    return { state: this.state, records: this.#records, effects: this.effects };
  }
}
