import type { DevnetActivity, Logger } from '@heddle/node';
import { errorMessage } from '../errors.ts';
import type { RunFlags } from '../flags/devnet-flags.ts';
import { EMPTY_BOOK } from './abi/abi-book.ts';
import { AbiFolder } from './abi/abi-folder.ts';
import { COLOURED, PLAIN } from './transaction-log/paint.ts';
import { type GrowingAbiBook, TransactionLog } from './transaction-log/transaction-log.ts';

/** Where the process writes. */
export interface Terminal {
  /** Writes to stdout. */
  readonly print: (text: string) => void;
  /** Writes to stderr. */
  readonly printError: (text: string) => void;
  /** Whether who reads it sees colours, and wants them. */
  readonly hasColours: (stream: OutputName) => boolean;
  /** Written and not read yet, bytes. */
  readonly unwrittenBytes: (stream: OutputName) => number;
  readonly monotonicMs: () => number;
  /** Runs once after the delay, without keeping the process alive, unless the returned function is called before. */
  readonly after: (delayMs: number, task: () => void) => () => void;
}

export type OutputName = 'stdout' | 'stderr';

const NO_ABIS: GrowingAbiBook = { ...EMPTY_BOOK, refresh: () => Promise.resolve() };

/** Rejects with a `UsageError` when --abi names no folder. */
export async function openAbis({ abi }: RunFlags, log: Logger, { monotonicMs }: Terminal): Promise<GrowingAbiBook> {
  if (abi === null) return NO_ABIS;
  const abis = await AbiFolder.open({ directory: abi, monotonicMs, warn: (problem) => log.warn(problem) });
  if (abis.signatureCount === 0) log.warn(`--abi: there is no ABI in ${abi} yet`);
  return abis;
}

/** Prints what happens from now on, until the returned function is called. stdout is left to --json where it is given. */
export function startTransactionLog(
  activity: DevnetActivity,
  abis: GrowingAbiBook,
  { json }: RunFlags,
  log: Logger,
  terminal: Terminal,
): () => void {
  // The level of this module says whether transactions are printed (info), and in full (debug).
  const own = log.child('transactions');
  if (!own.isEnabled('info')) return () => {};
  const stream = json ? 'stderr' : 'stdout';
  const transactions = new TransactionLog({
    activity,
    abis,
    style: {
      paint: terminal.hasColours(stream) ? COLOURED : PLAIN,
      isFull: own.isEnabled('debug'),
      shardCount: activity.shardCount,
    },
    print: json ? terminal.printError : terminal.print,
    unwrittenBytes: () => terminal.unwrittenBytes(stream),
    monotonicMs: terminal.monotonicMs,
    after: terminal.after,
    failed: (error) => own.warn('a transaction could not be shown', { reason: errorMessage(error) }),
  });
  return () => transactions.stop();
}
