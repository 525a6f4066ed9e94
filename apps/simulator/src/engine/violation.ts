import { HeddleError } from '@heddle/primitives';

/** What must hold in every run (consensus.md, How it is trusted). */
export type EngineInvariant =
  | 'one final block per height'
  | 'one certified tuple per view'
  | 'no nullification beside a finalization'
  | 'no contradictory own votes'
  | 'votes are journaled before they are sent'
  | 'nobody honest accused'
  | 'evidence convicts whom it accuses'
  | 'nobody honest convicted'
  | 'a fork names its culprits'
  | 'no lost block'
  | 'bounded memory'
  | 'progress'
  | 'rest'
  /** What a directed scenario sets out to show. */
  | 'scenario';

/** A run broke an invariant: a bug of the engine (or of the world around it). The seed reproduces it. */
export class EngineViolation extends HeddleError<{
  readonly invariant: EngineInvariant;
}> {
  readonly code = 'ENGINE_VIOLATION';

  constructor(invariant: EngineInvariant, what: string) {
    super(`${invariant}: ${what}`, { invariant });
  }
}

/** Throws EngineViolation of a directed scenario. */
export function expectThat(holds: boolean, what: string): asserts holds {
  if (!holds) throw new EngineViolation('scenario', what);
}
