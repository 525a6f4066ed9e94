/** A directed run on the real code: one way to break one rule. Throws EngineViolation where it is broken. */
export interface DirectedScenario {
  readonly name: string;
  /** Seeds vary what the scenario leaves open, and choose between its cases in turn. */
  readonly run: (seed: number) => void | Promise<void>;
}
