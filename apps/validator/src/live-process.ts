import type { ExitCode } from './errors.ts';
import { Lifecycle, type StopSignal } from './lifecycle.ts';

/** How this process speaks of its end. */
export interface Endings {
  readonly printError: (text: string) => void;
  /** Ends the process at once, with a message. */
  readonly endWith: (code: ExitCode, message: string) => void;
}

const STOP_SIGNALS: readonly StopSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** The lifecycle of this process, which its signals reach from now on. */
export function openLifecycle({ printError }: Endings): Lifecycle {
  const lifecycle = new Lifecycle({
    monotonicMs: () => performance.now(),
    after: (delayMs, task) => setTimeout(task, delayMs).unref(),
    printError,
    exit: (code) => process.exit(code),
  });
  for (const signal of STOP_SIGNALS) process.on(signal, () => lifecycle.onSignal(signal));
  return lifecycle;
}
