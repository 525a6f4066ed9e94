import type { ChunkRun } from '../chunk/chunk-run.ts';
import { countCall } from '../chunk/room.ts';
import type { IndexEffects } from './effects.ts';

/** What a run that did the work of one access-list index has come to. */
export function effectsOf(run: ChunkRun): IndexEffects {
  return {
    executed: run.executed[0] ?? null,
    dispatched: run.dispatched[0] ?? null,
    emitted: run.emitted,
    gasTaken: run.gasTaken,
    burned: run.burned,
    tips: run.tips,
  };
}

/** Adds one index to the run of the whole chunk; indices come in order. Tips are the caller's: a lane's are not credited yet. */
export function mergeEffects(run: ChunkRun, effects: IndexEffects): void {
  const { executed, dispatched } = effects;
  if (executed !== null) {
    run.cumulativeGas += executed.gasUsed;
    run.executed.push({ ...executed, receipt: { ...executed.receipt, cumulativeGasUsed: run.cumulativeGas } });
  }
  if (dispatched !== null) {
    run.dispatched.push(dispatched);
    for (const message of effects.emitted) if (message.kind === 'call') countCall(run, message);
  }
  run.emitted.push(...effects.emitted);
  run.gasTaken += effects.gasTaken;
  run.burned += effects.burned;
}

/** Why an attempt failed, for logs. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
