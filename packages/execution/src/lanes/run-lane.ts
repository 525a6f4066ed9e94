import type { StateReader } from '@heddle/state';
import type { RecoveredTransaction } from '@heddle/types';
import { type ChunkTask, openRun, type RunStart } from '../chunk/chunk-run.ts';
import { includeTransaction } from '../chunk/include-transaction.ts';
import type { HashObserver } from '../world/world.ts';
import { collectAccesses, RecordingReader } from './accesses.ts';
import { LaneState } from './lane-state.ts';
import type { LaneResult, Position } from './results.ts';
import { effectsOf } from './run-index.ts';

/** One lane: its transactions run one after the other, each on what those before it in the lane have changed. */
export class LaneRun {
  readonly #task: ChunkTask;
  readonly #state: LaneState;
  readonly #start: RunStart;

  /** `hashObserver` is for who learns from the lane, else null. */
  constructor(task: ChunkTask, state: StateReader, hashObserver: HashObserver | null) {
    this.#task = task;
    this.#state = new LaneState(state);
    // A lane's transactions see no index: which one each gets is settled when it is committed.
    this.#start = { index: 0, creditsTips: false, hashObserver };
  }

  /** Speculates on the next transaction of the lane. */
  run(transaction: RecoveredTransaction, position: Position): LaneResult {
    const reader = new RecordingReader(this.#state);
    const run = openRun(this.#task, reader, this.#start);
    try {
      includeTransaction(run, transaction);
    } catch {
      // It lacks state, is not valid here, or ran into what cannot be: its commit finds out, on the true state.
      return { kind: 'handedBack', position };
    }
    const accesses = collectAccesses(run.world, reader);
    this.#state.apply(accesses.touched);
    return { kind: 'done', position, sender: transaction.sender, effects: effectsOf(run), accesses };
  }
}
