import type { Cancel, Scheduler } from './clock.ts';
import { InvalidDelayError } from './errors.ts';
import { MAX_NODE_TIMER_MS } from './limits.ts';

export interface SystemSchedulerOptions {
  /** `true`: waiting timers do not keep the process alive. Deferred work (`soon`) always does. */
  readonly unref: boolean;
}

/**
 * Timers and deferred work on Node's event loop.
 *
 * `soon` is an immediate, never a microtask: I/O gets its turn between two rounds of deferred work, so a chain of
 * `soon` can't starve sockets. It is never unref'd, because an unref'd immediate lets the loop sleep in poll and would
 * then run whenever the next socket happens to wake it.
 */
export function createSystemScheduler(options: SystemSchedulerOptions): Scheduler {
  return {
    after: (delayMs, task): Cancel => startTimer(delayMs, task, options.unref),
    soon: (task): void => {
      setImmediate(task);
    },
  };
}

/** @throws InvalidDelayError */
function startTimer(delayMs: number, task: () => void, unref: boolean): Cancel {
  if (!Number.isFinite(delayMs) || delayMs < 0) throw new InvalidDelayError(delayMs);
  let timer: NodeJS.Timeout;
  const arm = (restMs: number): void => {
    const partMs = Math.min(restMs, MAX_NODE_TIMER_MS);
    // Node cuts fractions off; a timer may be late but not early.
    timer = setTimeout(() => (restMs > partMs ? arm(restMs - partMs) : task()), Math.ceil(partMs));
    if (unref) timer.unref();
  };
  arm(delayMs);
  return () => clearTimeout(timer);
}

/** For a node: its timers keep the process alive until it stops them. */
export const systemScheduler: Scheduler = createSystemScheduler({ unref: false });
