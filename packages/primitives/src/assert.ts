import { HeddleError } from './heddle-error.ts';

/**
 * A state that the program's own logic excludes. Whoever sees it has found a bug in this program, not bad input;
 * nothing catches it to go on.
 */
export class ImpossibleStateError extends HeddleError {
  readonly code = 'IMPOSSIBLE_STATE';

  constructor(message: string) {
    super(`impossible state (a bug in this program, please report it): ${message}`, {});
  }
}

/**
 * Kept in production. `message` says what should have held; it is made before the call, so in hot code, where it would
 * be put together from values, throw ImpossibleStateError in an `if` instead. Throws ImpossibleStateError.
 */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new ImpossibleStateError(message);
}

/** For the `default` of an exhaustive switch: the compiler proves that no value gets here. Throws ImpossibleStateError. */
export function unreachable(value: never, what: string): never {
  throw new ImpossibleStateError(`unexpected ${what}: ${String(value)}`);
}
