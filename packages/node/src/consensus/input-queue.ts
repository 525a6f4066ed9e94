import { type Effect, type EngineState, type Input, type JournalRecord, step } from '@heddle/consensus';
import type { MemberParts } from '../epochs/member-parts.ts';
import { MAX_BATCH_INPUTS } from '../limits.ts';
import type { Telling } from '../parts/events.ts';
import type { DroppedInputs } from './dropped-inputs.ts';
import type { EffectPerformer } from './effect-performer.ts';
import { WaitingInputs } from './waiting-inputs.ts';

type Parts = Pick<MemberParts, 'journal'> &
  Telling<'fatal'> & {
    /** Must not throw for anything that comes from outside. */
    readonly performer: Pick<EffectPerformer, 'perform'>;
    readonly dropped: Pick<DroppedInputs, 'count'>;
  };

/**
 * Feeds the engine one input at a time and keeps the order that makes a restart safe:
 * step → append all records → one sync → only then the effects (consensus.md, Durability).
 * Inputs that arrive during a sync are stepped together and share the next one; `WaitingInputs` says in which order.
 */
export class InputQueue {
  #state: EngineState;
  readonly #parts: Parts;
  readonly #waiting = new WaitingInputs();
  /** `start`, until it is stepped. */
  #first: readonly Input[] = [];
  #running = false;
  /** Settles when the batches under way are over. */
  #drained: Promise<void> = Promise.resolve();
  #started = false;
  #stopped = false;

  constructor(initial: EngineState, parts: Parts) {
    this.#state = initial;
    this.#parts = parts;
  }

  get state(): EngineState {
    return this.#state;
  }

  /** The engine takes up its work. It has to hear this first: what has come before waits until then. */
  start(): void {
    if (this.#stopped) return;
    this.#started = true;
    this.#first = [{ kind: 'start' }];
    this.#run();
  }

  /** Bytes that wait and are bounded as such. */
  get heldBytes(): number {
    return this.#waiting.heldBytes;
  }

  /** `bytes`: of a peer's message on the wire. */
  push(input: Input, bytes = 0): void {
    if (this.#stopped) return;
    const full = this.#waiting.add(input, bytes);
    if (full !== null && 'from' in input) this.#parts.dropped.count(input.from, full);
    this.#run();
  }

  /** No input is stepped and no effect performed after this returns; resolves when the journal is not written any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#waiting.clear();
    await this.#drained;
  }

  #run(): void {
    if (this.#started && !this.#running) this.#drained = this.#drain();
  }

  async #drain(): Promise<void> {
    this.#running = true;
    try {
      while (this.#first.length > 0 || !this.#waiting.isEmpty) await this.#runBatch();
    } catch (error) {
      this.#stopped = true;
      this.#parts.events.fatal(error);
    } finally {
      this.#running = false;
    }
  }

  async #runBatch(): Promise<void> {
    const inputs = [...this.#first, ...this.#waiting.take(MAX_BATCH_INPUTS)];
    this.#first = [];
    const records: JournalRecord[] = [];
    const effects: Effect[] = [];
    for (const input of inputs) {
      const next = step(this.#state, input);
      this.#state = next.state;
      records.push(...next.records);
      effects.push(...next.effects);
    }
    if (records.length > 0) await this.#parts.journal.append(records);
    for (const effect of effects) {
      if (this.#stopped) return;
      this.#parts.performer.perform(effect);
    }
  }
}
