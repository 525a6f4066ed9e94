import { ExecutionAbortedError } from '@heddle/rpc';
import {
  ResultTooLargeError,
  SimulationBusyError,
  SimulationCancelledError,
  SimulationMemoryError,
  type SimulationRunner,
  SimulationTimeoutError,
  StateUnavailableError,
} from '@heddle/simulation';

/** As `runner`; what a user can do something about rejects with an `RpcError`. Everything else is trouble of the node. */
export function answeringRunner(runner: SimulationRunner): SimulationRunner {
  return {
    run: async (kind, task, signal) => {
      try {
        return await runner.run(kind, task, signal);
      } catch (error) {
        throw answerTo(error, signal);
      }
    },
  };
}

function answerTo(error: unknown, signal: AbortSignal): unknown {
  // Whoever aborted it has said what it is answered with.
  if (error instanceof SimulationCancelledError && signal.aborted) return signal.reason;
  return isUsersToKnow(error) ? new ExecutionAbortedError(error.message) : error;
}

function isUsersToKnow(error: unknown): error is Error {
  return (
    error instanceof SimulationTimeoutError ||
    error instanceof SimulationBusyError ||
    error instanceof SimulationCancelledError ||
    error instanceof SimulationMemoryError ||
    error instanceof ResultTooLargeError ||
    error instanceof StateUnavailableError
  );
}
