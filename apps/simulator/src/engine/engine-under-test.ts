import {
  createEngine,
  type EngineConfig,
  type EngineState,
  type EngineStep,
  type Input,
  type JournalRecord,
  recoverEngine,
  step,
} from '@heddle/consensus';
import type { TupleCertificate } from '@heddle/types';

/** The three functions that make an engine. Tests hand in broken ones, to see that a scenario finds them. */
export interface EngineUnderTest {
  readonly create: (config: EngineConfig) => EngineState;
  readonly recover: (
    config: EngineConfig,
    records: readonly JournalRecord[],
    lastFinal: TupleCertificate | null,
  ) => EngineState;
  readonly step: (state: EngineState, input: Input) => EngineStep;
}

export const realEngine: EngineUnderTest = { create: createEngine, recover: recoverEngine, step };
