import type { Frame } from './frame.ts';
import { interpret } from './interpreter.ts';
import { type FrameObserver, NO_OBSERVER, type StepObserver, UNBOUNDED } from './observer.ts';
import { stepObserved } from './step.ts';

/** How frames run, and who sees it. Whatever it is, the result is the same. */
export interface Watch {
  readonly observer: FrameObserver;
  /** Gas of work after which the execution ends with `WorkBoundError`. What code sees of its gas is not touched by it. */
  readonly workGas: number;
  /** Runs a frame until it ends or opens a child. */
  readonly run: (frame: Frame) => void;
}

/** Nobody watches; the fast way. */
export const UNWATCHED: Watch = { observer: NO_OBSERVER, workGas: UNBOUNDED, run: interpret };

/** Frames are watched; they run the fast way. */
export function watchFrames(observer: FrameObserver): Watch {
  return { observer, workGas: UNBOUNDED, run: interpret };
}

/** Each operation is watched as well: several times as slow. */
export function watchSteps(observer: FrameObserver & StepObserver): Watch {
  return { observer, workGas: UNBOUNDED, run: stepObserved(observer) };
}

/**
 * As `watch`, until `workGas` is used up: then, and at any precompile that takes long for its gas, `WorkBoundError` ends the
 * execution. For whoever can't wait: the result is the same, or there is none.
 */
export function boundWork(watch: Watch, workGas: number): Watch {
  return { ...watch, workGas };
}
