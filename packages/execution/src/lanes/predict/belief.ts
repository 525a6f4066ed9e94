/** Misses after which a template goes that has fitted one execution only. */
const FIRST_CONFIDENCE = 4;
/** Misses in a row after which a template goes that has fitted again: a branch taken by one call in sixteen stays. */
const FULL_CONFIDENCE = 16;

/** How far a template is to be believed: how often it was right of late, and how often what it names was changed. */
export class Belief {
  #confidence: number = FIRST_CONFIDENCE;
  /** Left over from the last change; falls with every execution that only reads. */
  #changes: number;

  constructor(changed: boolean) {
    this.#changes = changed ? FULL_CONFIDENCE : 0;
  }

  get isGivenUp(): boolean {
    return this.#confidence === 0;
  }

  get expectsChange(): boolean {
    return this.#changes > 0;
  }

  /** An execution touched it. One that failed may have been undone before the change: it takes nothing back. */
  confirm(changed: boolean, succeeded: boolean): void {
    this.#confidence = FULL_CONFIDENCE;
    if (changed) this.#changes = FULL_CONFIDENCE;
    else if (succeeded && this.#changes > 0) this.#changes -= 1;
  }

  /** An execution that succeeded did not touch it. */
  miss(): void {
    this.#confidence -= 1;
  }
}
