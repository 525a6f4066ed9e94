import type { LaneReport } from '@heddle/execution';
import { BoundedCache } from '@heddle/primitives';
import type { Hash } from '@heddle/types';
import { MAX_EXECUTION_REPORTS } from '../limits.ts';
import type { Logger } from '../logger.ts';

/** How this validator executed the newest chunks, for those who ask. Nothing depends on it. */
export class ExecutionReports {
  readonly #log: Logger;
  readonly #reports = new BoundedCache<LaneReport>(MAX_EXECUTION_REPORTS);
  #disagreements = 0;

  constructor(log: Logger) {
    this.#log = log;
  }

  /** Valid chunks that lanes refused. Above 0 there is a bug. */
  get disagreements(): number {
    return this.#disagreements;
  }

  /** Null when the chunk was not executed here since the start, or long ago. */
  of(chunkHash: Hash): LaneReport | null {
    return this.#reports.get(chunkHash) ?? null;
  }

  add(chunkHash: Hash, report: LaneReport): void {
    this.#reports.set(chunkHash, report);
    if (report.disagreement === null) return;
    this.#disagreements += 1;
    this.#log.error(
      'lanes refused a valid chunk; the node goes on with the sequential result. Please report this bug',
      {
        chunk: chunkHash,
        reason: report.disagreement,
      },
    );
  }
}
