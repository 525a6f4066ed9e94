import type { Journal, JournalRecord } from '@heddle/consensus';
import {
  type Certificate,
  decodeCertificate,
  decodeProposal,
  decodeVote,
  encodeCertificate,
  encodeProposal,
  encodeVote,
  InvalidEncodingError,
} from '@heddle/types';
import { CorruptRecordError } from './errors.ts';
import type { LogRecord } from './frame.ts';
import { JOURNAL_COMPACTION_BYTES } from './limits.ts';
import { RecordLog } from './record-log.ts';

const TYPES = { firstProposal: 1, ownVote: 2, certificate: 3, floor: 4 } as const;

function encodePayload(record: JournalRecord): Uint8Array {
  if (record.kind === 'firstProposal') return encodeProposal(record.proposal);
  if (record.kind === 'ownVote') return encodeVote(record.vote);
  return encodeCertificate(record.certificate);
}

function encodeRecord(record: JournalRecord): LogRecord {
  return { type: TYPES[record.kind], payload: encodePayload(record) };
}

function decodePayload({ type, payload }: LogRecord): JournalRecord {
  if (type === TYPES.firstProposal) return { kind: 'firstProposal', proposal: decodeProposal(payload) };
  if (type === TYPES.ownVote) return { kind: 'ownVote', vote: decodeVote(payload) };
  const certificate = decodeCertificate(payload);
  if (type === TYPES.certificate) return { kind: 'certificate', certificate };
  if (type !== TYPES.floor || certificate.kind === 'nullify')
    throw new CorruptRecordError(`journal record of type ${type}`);
  return { kind: 'floor', certificate };
}

function decodeRecord(record: LogRecord): JournalRecord {
  try {
    return decodePayload(record);
  } catch (error) {
    if (error instanceof InvalidEncodingError) throw new CorruptRecordError(`journal record (${error.message})`);
    throw error;
  }
}

function certificateView(certificate: Certificate): bigint {
  return certificate.kind === 'nullify' ? certificate.view : certificate.tuple.view;
}

function recordView(record: JournalRecord): bigint {
  if (record.kind === 'firstProposal') return record.proposal.tuple.view;
  if (record.kind === 'ownVote') return record.vote.kind === 'nullify' ? record.vote.view : record.vote.tuple.view;
  return certificateView(record.certificate);
}

/**
 * The last floor, then everything about views above it. The engine repeats such records behind a floor, in the same
 * append; those before the floor are kept all the same, in case the crash tore that append.
 */
function sinceFloor(records: readonly JournalRecord[]): readonly JournalRecord[] {
  const floor = records.findLast((record) => record.kind === 'floor');
  if (floor === undefined) return records;
  const view = recordView(floor);
  return [floor, ...records.filter((record) => record.kind !== 'floor' && recordView(record) > view)];
}

/** Records from the last floor on, and when the file is worth rewriting. */
class LiveRecords {
  #records: LogRecord[];
  #limit: number;

  constructor(records: readonly LogRecord[], limit: number) {
    this.#records = [...records];
    this.#limit = limit;
  }

  afterSync(synced: readonly LogRecord[], fileBytes: number, compactionBytes: number): readonly LogRecord[] | null {
    let hasFloor = false;
    for (const record of synced) {
      if (record.type === TYPES.floor) {
        this.#records = [];
        hasFloor = true;
      }
      this.#records.push(record);
    }
    if (!hasFloor || fileBytes <= this.#limit) return null;
    const kept = this.#records.reduce((sum, record) => sum + record.payload.length, 0);
    // What is live may itself be long: then wait until the file has doubled.
    this.#limit = Math.max(compactionBytes, kept * 2);
    return this.#records;
  }

  get all(): readonly LogRecord[] {
    return this.#records;
  }
}

/**
 * The journal of one epoch in the file `path`, created if missing. A torn tail is cut off; throws
 * `JournalCorruptError`, `CorruptRecordError`, `StorageFailureError`.
 */
export async function openJournal(path: string, compactionBytes: number = JOURNAL_COMPACTION_BYTES): Promise<Journal> {
  let live = new LiveRecords([], compactionBytes);
  const { log, records } = await RecordLog.open(path, (synced, fileBytes) =>
    live.afterSync(synced, fileBytes, compactionBytes),
  );
  live = new LiveRecords(sinceFloor(records.map(decodeRecord)).map(encodeRecord), compactionBytes);
  return {
    append: (appended) => log.append(appended.map(encodeRecord)),
    // With what was appended since: an engine may be recovered again while the journal is open.
    replay: () => live.all.map(decodeRecord),
    close: () => log.close(),
  };
}

/** A journal that lives as long as the process: for networks without a data directory and for simulations. */
export function createMemoryJournal(): Journal {
  let records: readonly JournalRecord[] = [];
  return {
    append(appended) {
      const floor = appended.findLastIndex((record) => record.kind === 'floor');
      records = floor === -1 ? [...records, ...appended] : appended.slice(floor);
      return Promise.resolve();
    },
    replay: () => records,
    close: () => Promise.resolve(),
  };
}
