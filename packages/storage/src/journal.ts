import type { Journal } from '@heddle/consensus';
import type { LogRecord } from './frame.ts';
import { decodeJournalRecord, encodeJournalRecord, JOURNAL_TYPES } from './journal-codec.ts';
import { JOURNAL_COMPACTION_BYTES } from './limits.ts';
import type { Medium } from './medium.ts';
import { type LogKind, RecordLog } from './record-log.ts';

const KIND: LogKind = {
  initial: [],
  durability: 'synced',
  wayOut:
    "Remove it, and put no old copy in its place: the signer's records keep this validator from contradicting itself, " +
    'so that for a while it may be silent',
};

/**
 * What a replay gives: whose journal it is, the last floor and all behind it. The engine repeats behind a floor, in the
 * same append, what it still needs, and an append counts as a whole: what stands before a floor may go.
 */
class LiveRecords {
  #records: LogRecord[] = [];

  /** Whether a floor was among them. */
  add(records: readonly LogRecord[]): boolean {
    let hasFloor = false;
    for (const record of records) {
      if (record.type === JOURNAL_TYPES.floor) {
        this.#records = this.#records.filter(({ type }) => type === JOURNAL_TYPES.epochSwitch);
        hasFloor = true;
      }
      this.#records.push(record);
    }
    return hasFloor;
  }

  get all(): readonly LogRecord[] {
    return this.#records;
  }

  get bytes(): number {
    return this.#records.reduce((sum, { payload }) => sum + payload.length, 0);
  }
}

/**
 * The journal of one epoch in the file `path` of a medium, created if missing. A torn tail is cut off; throws
 * `JournalCorruptError`, `CorruptRecordError`, `StorageFailureError`.
 */
export async function openJournal(
  medium: Pick<Medium, 'name' | 'disk' | 'randomBytes'>,
  path: string,
  compactionBytes: number = JOURNAL_COMPACTION_BYTES,
): Promise<Journal> {
  const live = new LiveRecords();
  let limit = compactionBytes;
  const { log, records } = await RecordLog.open(medium, path, KIND, (synced, fileBytes) => {
    if (!live.add(synced) || fileBytes <= limit) return null;
    // What is live may itself be long: then wait until the file has doubled.
    limit = Math.max(compactionBytes, live.bytes * 2);
    return live.all;
  });
  live.add(records);
  const replay = (): ReturnType<Journal['replay']> => live.all.map(decodeJournalRecord);
  // A record that does not read is told here and not when the engine starts.
  replay();
  return {
    append: (appended) => log.append(appended.map(encodeJournalRecord)),
    // With what was appended since: an engine may be recovered again while the journal is open.
    replay,
    close: () => log.close(),
  };
}
