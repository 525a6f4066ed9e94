import type { Frame } from './frame.ts';
import { interpret } from './interpreter.ts';
import { type FrameObserver, NO_OBSERVER, type StepObserver } from './observer.ts';
import { stepObserved } from './step.ts';

/** How frames run, and who sees it. Whatever it is, the result is the same. */
export interface Watch {
  readonly observer: FrameObserver;
  /** Runs a frame until it ends or opens a child. */
  readonly run: (frame: Frame) => void;
}

/** Nobody watches; the fast way. */
export const UNWATCHED: Watch = { observer: NO_OBSERVER, run: interpret };

/** Frames are watched; they run the fast way. */
export function watchFrames(observer: FrameObserver): Watch {
  return { observer, run: interpret };
}

/** Each operation is watched as well: several times as slow. */
export function watchSteps(observer: FrameObserver & StepObserver): Watch {
  return { observer, run: stepObserved(observer) };
}
