/**
 * The transactions that users gave to this node and that wait: a user who has been told that one was taken finds it
 * again after the process was killed. Nothing is synced, so a power failure may take the newest.
 */
import { JournalCorruptError, storageFailure } from './errors.ts';
import type { LogRecord } from './frame.ts';
import { POOL_COMPACTION_BYTES } from './limits.ts';
import { type Medium, parentOf } from './medium.ts';
import { type LogKind, RecordLog } from './record-log.ts';

const TRANSACTION = 1;

const KIND: LogKind = { initial: [], durability: 'unsynced', wayOut: 'It is begun anew' };

export interface PoolJournal {
  /** Raw transactions in the order in which they came: those of earlier runs, and of this one. */
  load(): readonly Uint8Array[];
  /**
   * Resolves when the process may be killed without losing it. Now and then the file is written anew with what `waiting`
   * names: everything else in it has been executed. Throws `StorageFailureError`.
   */
  append(raw: Uint8Array, waiting: () => readonly Uint8Array[]): Promise<void>;
  /** Waits for what is being written. */
  close(): Promise<void>;
}

const recordOf = (payload: Uint8Array): LogRecord => ({ type: TRANSACTION, payload });

/** The journal in the file `path`. One that is damaged is begun anew: it binds nobody. Throws `StorageFailureError`. */
export async function openPoolJournal(
  medium: Pick<Medium, 'name' | 'disk' | 'randomBytes'>,
  path: string,
  compactionBytes: number = POOL_COMPACTION_BYTES,
): Promise<PoolJournal> {
  let live: LogRecord[] = [];
  let limit = compactionBytes;
  let waiting: () => readonly Uint8Array[] = () => [];
  const open = (): ReturnType<typeof RecordLog.open> =>
    RecordLog.open(medium, path, KIND, (written, fileBytes) => {
      live.push(...written);
      if (fileBytes <= limit) return null;
      live = waiting().map(recordOf);
      // What waits may itself be long: then wait until the file has doubled.
      limit = Math.max(compactionBytes, 2 * live.reduce((sum, { payload }) => sum + payload.length, 0));
      return live;
    });
  const { log, records } = await openOrRestart(medium, path, open);
  live = [...records];
  // Most of what an earlier run has left is executed: the first append makes room.
  if (records.length > 0) limit = 0;
  return {
    load: () => live.map(({ payload }) => payload),
    append: (raw, stillWaiting) => {
      waiting = stillWaiting;
      return log.append([recordOf(raw)]);
    },
    close: () => log.close(),
  };
}

/** What it holds is of no use any more; nobody has it open. Throws `StorageFailureError`. */
export async function removePoolJournal({ disk }: Pick<Medium, 'disk'>, path: string): Promise<void> {
  try {
    await disk.remove(path);
    await disk.syncDirectory(parentOf(path));
  } catch (cause) {
    throw storageFailure(`remove ${path}`, { cause });
  }
}

async function openOrRestart<Opened>(
  { disk }: Pick<Medium, 'disk'>,
  path: string,
  open: () => Promise<Opened>,
): Promise<Opened> {
  try {
    return await open();
  } catch (error) {
    if (!(error instanceof JournalCorruptError)) throw error;
    await disk.remove(path);
    return open();
  }
}
