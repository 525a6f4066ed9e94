/** How a chunk was executed here: for operators and benchmarks. Another node may do it differently, with the same result. */
export interface LaneReport {
  readonly path: 'sequential' | 'producer' | 'validator';
  /** Transactions of each of a producer's lanes. Otherwise one entry: a validator's workers claim them as they go. */
  readonly lanes: readonly number[];
  /** Transactions whose lane had read what did not hold any more at their commit. */
  readonly conflicts: number;
  /** Transactions that were executed a second time, on the main thread: conflicts and what lanes could not do. */
  readonly reexecutions: number;
  /** Transactions that needed something that no worker had. */
  readonly handedBack: number;
  /** Why the parallel path failed although the chunk is valid: a bug of this software. */
  readonly disagreement: string | null;
  readonly microseconds: LaneTimes;
}

/** Wall time. */
export interface LaneTimes {
  /** Until the workers were woken: keys, snapshot, plan. */
  readonly prepare: number;
  /** Until the last result was in; the state root of a validator is computed meanwhile. */
  readonly run: number;
  /** Merging, settlement; for a producer also the state root. */
  readonly finish: number;
}

/** Executed in line. */
export function sequentialReport(transactions: number, microseconds: number): LaneReport {
  return {
    path: 'sequential',
    lanes: [transactions],
    conflicts: 0,
    reexecutions: 0,
    handedBack: 0,
    disagreement: null,
    microseconds: { prepare: 0, run: microseconds, finish: 0 },
  };
}

/** Executed from the access list. What workers handed back ran once, on the main thread. */
export function validatorReport(transactions: number, handedBack: number, microseconds: LaneTimes): LaneReport {
  return {
    path: 'validator',
    lanes: [transactions],
    conflicts: 0,
    reexecutions: 0,
    handedBack,
    disagreement: null,
    microseconds,
  };
}
