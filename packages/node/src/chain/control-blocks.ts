import { type ControlPart, hashSectionBody } from '@heddle/types';
import { StoppedError, SupersededError } from '../errors.ts';
import type { Foundation } from '../parts/foundation.ts';
import type { BlockTerms } from './block-execution.ts';
import { checkControl } from './check-control.ts';
import { type ControlResult, controlBlock, executeControl } from './control-execution.ts';
import type { ExecutedBlock } from './executed-block.ts';

type Parts = Pick<Foundation, 'chain' | 'controlRunner'>;

/**
 * Makes control blocks. A run of thousands takes many turns of the event loop, so the parent may fall below the final block
 * meanwhile.
 */
export class ControlBlocks {
  readonly #parts: Parts;
  #stopped = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Nothing is executed any more: what is under way, and whoever still asks, gets `StoppedError`. */
  stop(): void {
    this.#stopped = true;
  }

  /**
   * The control block on `parent` with this control part, executed: its chunks are the canonical empty ones, so everyone
   * comes to the same from the two alone. Throws `InvalidControlError` when it breaks a rule, `SupersededError`,
   * `StoppedError`.
   */
  async execute(parent: ExecutedBlock, terms: BlockTerms, control: ControlPart): Promise<ExecutedBlock> {
    const { chain, controlRunner } = this.#parts;
    checkControl(chain, parent, control);
    const content = hashSectionBody({ control, transactions: [] });
    const result = await controlRunner.run(content, () => this.#execute(parent, control));
    this.#assertCurrent(parent);
    return controlBlock(chain, parent, terms, result);
  }

  /** Flat state follows the final block: what lies below can't be executed on any more. */
  *#execute(parent: ExecutedBlock, control: ControlPart): Generator<void, ControlResult> {
    const steps = executeControl(this.#parts.chain, parent, control);
    for (;;) {
      this.#assertCurrent(parent);
      const step = steps.next();
      if (step.done === true) return step.value;
      yield;
    }
  }

  #assertCurrent({ hash }: ExecutedBlock): void {
    if (this.#stopped) throw new StoppedError();
    if (this.#parts.chain.tree.get(hash) === null) throw new SupersededError(hash);
  }
}
