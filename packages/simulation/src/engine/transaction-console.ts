import { watchFrames } from '@heddle/execution';
import type { Hash } from '@heddle/types';
import type { StateSource } from '../types.ts';
import { ConsoleObserver } from './console.ts';
import { replayPart } from './replay.ts';
import type { ReplayedPart } from './replayed-part.ts';

/** What transactions of a final block said to the console, executed once more. */
export interface TransactionConsoleTask {
  readonly parts: readonly ReplayedPart[];
}

export interface TransactionConsole {
  readonly transactionHash: Hash;
  /** Inputs of its calls to `CONSOLE_ADDRESS`, in order, reverted ones as well. */
  readonly inputs: readonly Uint8Array[];
  /** What it returned or reverted with. */
  readonly output: Uint8Array;
  /** Why it failed, in geth's words; null when it succeeded. */
  readonly failure: string | null;
}

/** One entry for each transaction, in block order. */
export function runTransactionConsole(
  { parts }: TransactionConsoleTask,
  source: StateSource,
): readonly TransactionConsole[] {
  const said: TransactionConsole[] = [];
  for (const part of parts) {
    let observer = new ConsoleObserver();
    replayPart(part, source, {
      watch: () => {
        observer = new ConsoleObserver();
        return watchFrames(observer);
      },
      done: ({ replayed: { transaction }, outcome: { returnData: output, failure } }) => {
        said.push({ transactionHash: transaction.hash, inputs: observer.inputs, output: output.slice(), failure });
      },
    });
  }
  return said;
}
