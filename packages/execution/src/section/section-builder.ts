import type { StateReader } from '@heddle/state';
import type { RecoveredTransaction } from '@heddle/types';
import { CHEAPEST_TRANSACTION_GAS } from '../chunk/limits.ts';
import type { RejectedTransaction } from '../chunk/types.ts';
import { InvalidTransactionError } from '../errors.ts';
import { includeInSection } from './include.ts';
import { closeSection, openSection, type SectionRun } from './section-run.ts';
import type { SectionContext, SectionOutcome } from './types.ts';

/** A section that its leader fills, candidate by candidate. Index 0 is done when it opens. */
export class SectionBuilder {
  readonly #run: SectionRun;
  readonly #rejected: RejectedTransaction[] = [];

  constructor(context: SectionContext, states: readonly StateReader[]) {
    this.#run = openSection(context, states);
  }

  /** Gas of the limit that is taken: what transactions have used. */
  get gasUsed(): bigint {
    return this.#run.cumulativeGas;
  }

  /** Whether there is no room for any candidate. */
  isFull(): boolean {
    const { isOpen, context, cumulativeGas } = this.#run;
    return !isOpen || cumulativeGas + CHEAPEST_TRANSACTION_GAS > context.gasLimit;
  }

  /** Takes the candidate, if it is valid here. Null, or why not. */
  offer(transaction: RecoveredTransaction): RejectedTransaction | null {
    try {
      includeInSection(this.#run, transaction);
      return null;
    } catch (error) {
      if (!(error instanceof InvalidTransactionError)) throw error;
      const rejected = { transaction, ...error.facts, isRemote: false };
      this.#rejected.push(rejected);
      return rejected;
    }
  }

  finish(): SectionOutcome {
    return closeSection(this.#run, this.#rejected);
  }
}
