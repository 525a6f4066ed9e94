import { createLayer } from '@heddle/state';
import { executeChunk } from '../chunk/execute-chunk.ts';
import { produceChunk } from '../chunk/produce-chunk.ts';
import { sequentialReport } from './lane-report.ts';
import type { BuildRequest, ChunkExecutor, LaneOutcome, VerifyRequest } from './requests.ts';
import {
  type BuildSectionRequest,
  buildSection,
  type SectionResult,
  type VerifySectionRequest,
  verifySection,
  WITHOUT_REST,
} from './run-section.ts';

/** Executes on the calling thread, one transaction after the other. `now`: µs, of any origin, for reports. */
export class InlineExecutor implements ChunkExecutor {
  readonly disagreements = 0;
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  async verify(request: VerifyRequest): Promise<LaneOutcome> {
    return verifyInLine(request, this.#now);
  }

  async build({ task, state, candidates, gasTarget }: BuildRequest): Promise<LaneOutcome> {
    const start = this.#now();
    const { context, rules } = task;
    const outcome = produceChunk(context, state, rules, candidates, gasTarget);
    const layer = createLayer(state, outcome.changes);
    return { outcome, layer, report: sequentialReport(outcome.included.length, this.#now() - start) };
  }

  verifySection(request: VerifySectionRequest): Promise<SectionResult> {
    return verifySection(request, WITHOUT_REST);
  }

  buildSection(request: BuildSectionRequest): Promise<SectionResult> {
    return buildSection(request, WITHOUT_REST);
  }
}

/** Executes a chunk from outside in line. Throws what `executeChunk` throws. */
export function verifyInLine({ task, state, recovered }: VerifyRequest, now: () => number): LaneOutcome {
  const start = now();
  const { context, rules } = task;
  const outcome = executeChunk(context, state, rules, recovered());
  const layer = createLayer(state, outcome.changes);
  return { outcome, layer, report: sequentialReport(outcome.included.length, now() - start) };
}
