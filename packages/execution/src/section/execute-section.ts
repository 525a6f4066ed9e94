import type { StateReader } from '@heddle/state';
import type { RecoveredTransaction } from '@heddle/types';
import { InvalidSectionError, InvalidTransactionError } from '../errors.ts';
import { includeInSection } from './include.ts';
import { closeSection, openSection } from './section-run.ts';
import type { SectionContext, SectionOutcome } from './types.ts';

/**
 * Executes a section with exactly these transactions, in this order, on the states after the chunks. Pauses behind each
 * transaction, for a caller whose thread has other things to do; meanwhile the states must read as they did. Throws
 * `InvalidSectionError` when one of them is invalid where it stands.
 */
export function* executeSectionInSteps(
  context: SectionContext,
  states: readonly StateReader[],
  transactions: Iterable<RecoveredTransaction>,
): Generator<void, SectionOutcome> {
  const run = openSection(context, states);
  for (const transaction of transactions) {
    const position = run.executed.length;
    try {
      includeInSection(run, transaction);
    } catch (error) {
      if (!(error instanceof InvalidTransactionError)) throw error;
      throw new InvalidSectionError(context.height, error.facts.reason, position);
    }
    yield;
  }
  return closeSection(run, []);
}

/** `executeSectionInSteps` to its end. */
export function executeSection(
  context: SectionContext,
  states: readonly StateReader[],
  transactions: Iterable<RecoveredTransaction>,
): SectionOutcome {
  const steps = executeSectionInSteps(context, states, transactions);
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return step.value;
}
