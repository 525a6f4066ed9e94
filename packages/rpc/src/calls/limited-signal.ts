import { ExecutionAbortedError } from '../errors.ts';

/** Runs `task` with a signal that is aborted with `signal`, and after `limitMs` if that is a number. */
export async function withinTime<Result>(
  signal: AbortSignal,
  limitMs: number | null,
  task: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  // Node takes no longer ones; nobody waits that long.
  if (limitMs === null || limitMs > MAX_TIMER_MS) return task(signal);
  const own = new AbortController();
  const reason = new ExecutionAbortedError(`execution aborted (timeout = ${limitMs / 1_000}s)`);
  const timer = setTimeout(() => own.abort(reason), limitMs);
  try {
    return await task(AbortSignal.any([signal, own.signal]));
  } finally {
    clearTimeout(timer);
  }
}

const MAX_TIMER_MS: number = 2 ** 31 - 1;
