import type { ControlOperation, ControlPart, ControlState } from '@heddle/types';
import type { ExecutedBlock } from '../chain/executed-block.ts';

/** Operations that wait for their block, with the number that their control part will have. */
export interface ControlSubmission {
  readonly number: bigint;
  readonly operations: readonly ControlOperation[];
}

/**
 * What a devnet's owner wants done next: one submission at a time, the same on all of its validators, so that whoever
 * leads may propose it. Nothing comes here from a peer.
 */
export class ControlQueue {
  #waiting: ControlSubmission | null = null;

  submit(submission: ControlSubmission): void {
    this.#waiting = submission;
  }

  /** It is not to be proposed any more: it broke a rule, or nobody waits for it. */
  withdraw(number: bigint): void {
    if (this.#waiting?.number === number) this.#waiting = null;
  }

  /** The control part for a block on `parent`; null if there is nothing to do there. */
  partOn({ hash, control }: Pick<ExecutedBlock, 'hash' | 'control'>): ControlPart | null {
    const waiting = this.#waiting;
    if (waiting === null || waiting.number !== control.nextNumber) return null;
    return { ...waiting, parentHash: hash };
  }

  /** What is done need not be kept; `control` is what the final block leaves. */
  finalized({ nextNumber }: ControlState): void {
    if (this.#waiting !== null && this.#waiting.number < nextNumber) this.#waiting = null;
  }
}
