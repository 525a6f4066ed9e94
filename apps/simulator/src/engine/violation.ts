/** What must hold in every run (consensus.md, How it is trusted). */
export type EngineInvariant =
  | 'one final block per height'
  | 'one certified tuple per view'
  | 'no nullification beside a finalization'
  | 'no contradictory own votes'
  | 'votes are journaled before they are sent'
  | 'nobody honest accused'
  | 'a fork names its culprits'
  | 'no lost block'
  | 'bounded memory'
  | 'progress'
  | 'rest'
  /** What a directed scenario sets out to show. */
  | 'scenario';

/** A run broke an invariant: a bug of the engine (or of the world around it). The seed reproduces it. */
export class EngineViolation extends Error {
  readonly code = 'ENGINE_VIOLATION';
  readonly invariant: EngineInvariant;

  constructor(invariant: EngineInvariant, what: string) {
    super(`${invariant}: ${what}`);
    this.name = 'EngineViolation';
    this.invariant = invariant;
  }
}

/** Throws EngineViolation of a directed scenario. */
export function expectThat(holds: boolean, what: string): asserts holds {
  if (!holds) throw new EngineViolation('scenario', what);
}
