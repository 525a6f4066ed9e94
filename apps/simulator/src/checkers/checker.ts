import { ViolationError } from '../errors.ts';
import type { WorldEvent, WorldView } from '../world/events.ts';

/** One invariant. Both methods throw ViolationError. */
export interface Checker {
  on(event: WorldEvent): void;
  /** At the end of a seed: everything has healed and gone on for some blocks. */
  finish(): void;
}

/** An invariant by its name; each world gets a checker of its own. */
export interface Invariant {
  readonly name: string;
  create(view: WorldView, fail: (detail: string) => never): Checker;
}

/** The checkers of one world, in the order of the list. */
export function createCheckers(invariants: readonly Invariant[], view: WorldView): readonly Checker[] {
  return invariants.map((invariant) =>
    invariant.create(view, (detail): never => {
      throw new ViolationError(invariant.name, detail);
    }),
  );
}
