import { type FrameObserver, NO_OBSERVER, type StepObserver } from '@heddle/execution';
import { type JsonText, quotedText } from './json-text.ts';
import type { TraceEnd, Tracer } from './tracer.ts';

/** geth's noopTracer: nothing. */
export const NOOP_TRACER: Tracer = {
  frames: NO_OBSERVER,
  steps: null,
  finish: (_end, out) => out.write('{}'),
};

/** geth's muxTracer: several tracers at once, each under its name. */
export class MuxTracer implements Tracer {
  readonly frames: FrameObserver;
  readonly steps: StepObserver | null;
  readonly #tracers: readonly (readonly [string, Tracer])[];

  constructor(tracers: readonly (readonly [string, Tracer])[]) {
    this.#tracers = tracers;
    this.frames = tracers.map(([, { frames }]) => frames).reduce(bothObserve, NO_OBSERVER);
    const steps = tracers.flatMap(([, tracer]) => (tracer.steps === null ? [] : [tracer.steps]));
    this.steps = steps.length === 0 ? null : allObserve(steps);
  }

  finish(end: TraceEnd, out: JsonText): void {
    let separator = '{';
    for (const [name, tracer] of this.#tracers) {
      out.write(`${separator}${quotedText(name)}:`);
      separator = ',';
      tracer.finish(end, out);
    }
    out.write(separator === '{' ? '{}' : '}');
  }
}

/** Both are told of everything, `a` first. */
export function bothObserve(a: FrameObserver, b: FrameObserver): FrameObserver {
  return {
    frameOpened: (frame) => {
      a.frameOpened(frame);
      b.frameOpened(frame);
    },
    frameClosed: (frame) => {
      a.frameClosed(frame);
      b.frameClosed(frame);
    },
    frameRefused: (parent, refused) => {
      a.frameRefused(parent, refused);
      b.frameRefused(parent, refused);
    },
    selfDestructed: (frame, beneficiary, wei) => {
      a.selfDestructed(frame, beneficiary, wei);
      b.selfDestructed(frame, beneficiary, wei);
    },
    logged: (frame, log) => {
      a.logged(frame, log);
      b.logged(frame, log);
    },
  };
}

function allObserve(observers: readonly StepObserver[]): StepObserver {
  return {
    beforeStep: (frame, opcode) => {
      for (const observer of observers) observer.beforeStep(frame, opcode);
    },
    afterStep: (frame) => {
      for (const observer of observers) observer.afterStep(frame);
    },
  };
}
