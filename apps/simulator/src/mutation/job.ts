import type { Mutant } from './mutant.ts';

/** What one child process does: plays scenarios on the sources as they are, or with one bug in them. */
export interface MutationJob {
  readonly mutant: Mutant | null;
  readonly runs: readonly MutationRun[];
}

/** Seeds 0 … seeds−1 of a scenario, up to the first violation. */
export interface MutationRun {
  readonly scenario: string;
  readonly seeds: number;
}

/**
 * caught: an invariant was violated, in the last of `seeds` seeds. survived: no seed noticed anything. broken: neither can
 * be said, since something else than an invariant gave way.
 */
export type RunOutcome =
  | { readonly kind: 'caught'; readonly seeds: number; readonly detail: string }
  | { readonly kind: 'survived' }
  | { readonly kind: 'broken'; readonly detail: string };

export type RunReport = MutationRun & { readonly outcome: RunOutcome };

/** The job stands on the command line of its process, where the preloaded hook finds it too. */
export function jobOfThisProcess(): MutationJob {
  return JSON.parse(process.argv[2] ?? 'null');
}

/** What another process sent is a report. */
export function isRunReport(value: unknown): value is RunReport {
  return typeof value === 'object' && value !== null && 'scenario' in value && 'outcome' in value;
}
