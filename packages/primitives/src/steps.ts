/** Runs work that pauses to its end at once. */
export function withoutPauses<Result>(steps: Generator<void, Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
