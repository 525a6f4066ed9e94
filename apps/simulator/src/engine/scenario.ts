import type { EngineUnderTest } from './engine-under-test.ts';
import type { EngineReport } from './report.ts';

/** A directed run: one known way to break an engine. Throws EngineViolation where the engine breaks. */
export interface EngineScenario {
  readonly name: string;
  /** Seeds 0 … budget−1 are worth running; they vary what the scenario leaves open. */
  readonly budget: number;
  readonly run: (seed: number, engine: EngineUnderTest) => EngineReport;
}

/** A directed run on the real code: one way to break one rule. Throws EngineViolation where it is broken. */
export interface DirectedScenario {
  readonly name: string;
  /** Seeds vary what the scenario leaves open, and choose between its cases in turn. */
  readonly run: (seed: number) => void | Promise<void>;
}
