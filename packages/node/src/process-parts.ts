import { blsScheme } from '@heddle/consensus';
import { Pacer } from '@heddle/execution';
import { systemClock, systemScheduler } from '@heddle/runtime';
import { SharedControlRunner } from './chain/control-runner.ts';
import { type RememberedScheme, rememberedScheme } from './consensus/remembered-scheme.ts';
import { openLanes } from './lanes/open-lanes.ts';
import { LANE_THRESHOLD_MICROSECONDS } from './limits.ts';
import type { ValidatorOptions } from './open-validator.ts';

/** What a process has once for all its validators. */
export interface ProcessParts extends Pick<ValidatorOptions, 'executor' | 'controlRunner' | 'clock' | 'scheduler'> {
  readonly signatureScheme: RememberedScheme;
  /** Ends its threads, whatever they do; for when no validator runs any more. */
  close(): Promise<void>;
}

export interface ProcessOptions {
  /** Worker threads for executing chunks; 0 executes in line. */
  readonly lanes: number;
  /** Estimated work of a chunk from which the threads execute it, µs; null is LANE_THRESHOLD_MICROSECONDS. */
  readonly laneThresholdMicroseconds: number | null;
}

/** Those of a real process. */
export function openProcess({ lanes, laneThresholdMicroseconds }: ProcessOptions): ProcessParts {
  const thresholdMicroseconds = laneThresholdMicroseconds ?? LANE_THRESHOLD_MICROSECONDS;
  // Each validator executes the same chunks at about the same time.
  const { executor, close } = openLanes({ workers: lanes, thresholdMicroseconds, clock: systemClock });
  return {
    // Each is shown the same signatures. The memory's keys hold the message, which names chain and epoch.
    signatureScheme: rememberedScheme(blsScheme),
    executor,
    controlRunner: new SharedControlRunner(() => new Pacer(() => systemClock.monotonicMs() * 1_000)),
    clock: systemClock,
    scheduler: systemScheduler,
    close,
  };
}
