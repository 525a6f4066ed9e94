/** One durable step of a memory medium: what a driver may delay, fail, tear, or kill before or after. */
export interface DiskStep {
  readonly op:
    | 'create'
    | 'write'
    | 'truncate'
    | 'sync'
    | 'rename'
    | 'remove'
    | 'syncDirectory'
    | 'batch'
    | 'batchSynced';
  /** File, directory or key-value store; the new name of a rename. */
  readonly path: string;
  /** Bytes written, for a batch those of its keys and values; the new length for a truncation; else 0. */
  readonly bytes: number;
}

/**
 * Decides when and how a step happens: `apply` makes it happen, once; `applyPart` only the first bytes of a write (of
 * anything else: nothing). The promise is what the caller hears: a rejection with the system's error, or never
 * anything. Neither function does anything once the process that asked for the step has been killed.
 */
export type Perform = (step: DiskStep, apply: () => void, applyPart: (bytes: number) => void) => Promise<void>;

export const performAtOnce: Perform = (_step, apply) => {
  apply();
  return Promise.resolve();
};

const NOTHING = (): void => {};

/** The time from a start of the process to its end: what it has open does and hears nothing afterwards. */
export class Life {
  readonly #perform: Perform;
  #isOver = false;

  constructor(perform: Perform) {
    this.#perform = perform;
  }

  end(): void {
    this.#isOver = true;
  }

  async run(step: DiskStep, apply: () => void, applyPart: (bytes: number) => void = NOTHING): Promise<void> {
    if (!this.#isOver) {
      let isDone = false;
      const once = (change: () => void): void => {
        if (isDone || this.#isOver) return;
        isDone = true;
        change();
      };
      try {
        await this.#perform(
          step,
          () => once(apply),
          (bytes) => once(() => applyPart(bytes)),
        );
      } catch (error) {
        if (!this.#isOver) throw error;
      }
    }
    if (this.#isOver) await new Promise<never>(NOTHING);
  }
}
