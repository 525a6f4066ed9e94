import { createLayerInSteps, type StateLayer, type StateSnapshot } from '@heddle/state';
import type { RecoveredTransaction } from '@heddle/types';
import { CHEAPEST_TRANSACTION_GAS } from '../chunk/limits.ts';
import { StaleStateError } from '../errors.ts';
import { executeSectionInSteps } from '../section/execute-section.ts';
import { SectionBuilder } from '../section/section-builder.ts';
import type { SectionContext, SectionOutcome } from '../section/types.ts';

/** A section that is to be executed. */
export interface SectionRequest {
  readonly context: SectionContext;
  /** After the block's chunks, by shard. */
  readonly states: readonly StateSnapshot[];
  /** Whether the states still read as they did: flat state follows the final block between two turns. */
  isCurrent(): boolean;
}

/** A section from outside. */
export interface VerifySectionRequest extends SectionRequest {
  /** In order; asked for one by one as they are executed. */
  readonly transactions: Iterable<RecoveredTransaction>;
}

/** A section that its leader makes. */
export interface BuildSectionRequest extends SectionRequest {
  /** Best first, a sender's by nonce. */
  readonly candidates: Iterable<RecoveredTransaction>;
  /** Gas that it is filled up to; what declares more than is left of it is set aside. */
  readonly gasTarget: bigint;
  /** Whether the first candidate that the target would set aside is taken all the same, if it fits the gas limit. */
  readonly firstIsExempt: boolean;
}

/** An executed section with the states after it. */
export interface SectionResult {
  readonly outcome: SectionOutcome;
  /** By shard, on the state after its chunk; null where it changed nothing. */
  readonly layers: readonly (StateLayer | null)[];
}

/** When long work gives the event loop back. */
export interface Pace {
  isDue(): boolean;
  rest(): Promise<void>;
}

/** Work that nobody waits behind. */
export const WITHOUT_REST: Pace = { isDue: () => false, rest: () => Promise.resolve() };

/** As `executeSection`. Throws `StaleStateError` when the states moved on meanwhile. */
export async function verifySection(request: VerifySectionRequest, pace: Pace): Promise<SectionResult> {
  const { context, states, transactions } = request;
  const outcome = await runToEnd(executeSectionInSteps(context, states, transactions), request, pace);
  return layered(outcome, request, pace);
}

/** Fills a section from the candidates. Throws `StaleStateError` when the states moved on meanwhile. */
export async function buildSection(request: BuildSectionRequest, pace: Pace): Promise<SectionResult> {
  const outcome = await runToEnd(buildInSteps(request), request, pace);
  return layered(outcome, request, pace);
}

function* buildInSteps(request: BuildSectionRequest): Generator<void, SectionOutcome> {
  const { context, states, candidates, gasTarget } = request;
  const builder = new SectionBuilder(context, states);
  let isExempt = request.firstIsExempt;
  if (builder.isFull()) return builder.finish();
  for (const transaction of candidates) {
    const fits = transaction.fields.gasLimit <= gasTarget - builder.gasUsed;
    if (fits || isExempt) {
      const isTaken = builder.offer(transaction) === null;
      if (isTaken && !fits) isExempt = false;
      yield;
    }
    const isFilled = gasTarget - builder.gasUsed < CHEAPEST_TRANSACTION_GAS;
    if (builder.isFull() || (isFilled && !isExempt)) break;
  }
  return builder.finish();
}

async function layered(outcome: SectionOutcome, request: SectionRequest, pace: Pace): Promise<SectionResult> {
  const layers: (StateLayer | null)[] = [];
  for (const [shard, changes] of outcome.changes.entries()) {
    const state = request.states[shard];
    const isSame = state === undefined || changes.accounts.size === 0;
    layers.push(isSame ? null : await runToEnd(createLayerInSteps(state, changes), request, pace));
  }
  return { outcome, layers };
}

async function runToEnd<Result>(
  steps: Generator<void, Result>,
  { isCurrent }: SectionRequest,
  pace: Pace,
): Promise<Result> {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (!pace.isDue()) continue;
    await pace.rest();
    if (!isCurrent()) throw new StaleStateError();
  }
}
