import { SIGNER_WINDOW_POSITIONS, type SignerRecord, type SignerStore } from '@heddle/consensus';
import { encodeRlp, encodeUint, utf8ToBytes } from '@heddle/primitives';
import { CorruptRecordError } from './errors.ts';
import type { LogRecord } from './frame.ts';
import { SIGNER_COMPACTION_BYTES } from './limits.ts';
import { RecordLog } from './record-log.ts';
import { RecordReader } from './record-reader.ts';

const SIGNATURE_RECORD = 1;

/** Records in memory before the first pruning. */
const MEMORY_RECORDS = 4096;

const decoder = new TextDecoder('utf-8', { fatal: true });

function encodeRecord(record: SignerRecord): LogRecord {
  const { slot, position, scope, digest, signature } = record;
  const fields = [utf8ToBytes(slot), encodeUint(position), utf8ToBytes(scope), utf8ToBytes(digest), signature];
  return { type: SIGNATURE_RECORD, payload: encodeRlp(fields) };
}

function decodeRecord({ type, payload }: LogRecord): SignerRecord {
  if (type !== SIGNATURE_RECORD) throw new CorruptRecordError(`signer record of type ${type}`);
  const reader = RecordReader.decode('signer record', payload);
  return {
    slot: decoder.decode(reader.bytes()),
    position: reader.uint(),
    scope: decoder.decode(reader.bytes()),
    digest: decoder.decode(reader.bytes()),
    signature: reader.bytes(),
  };
}

/**
 * Without what lies more than `SIGNER_WINDOW_POSITIONS` below its slot's highest position: the signer refuses to sign
 * there, whether or not it has a record.
 */
function aboveWatermark(records: readonly SignerRecord[]): readonly SignerRecord[] {
  const highest = new Map<string, bigint>();
  for (const { slot, position } of records) {
    const known = highest.get(slot);
    if (known === undefined || position > known) highest.set(slot, position);
  }
  return records.filter(({ slot, position }) => position + SIGNER_WINDOW_POSITIONS >= (highest.get(slot) ?? 0n));
}

/**
 * The signer's records in the file `path`, created if missing. Throws `JournalCorruptError`, `CorruptRecordError`,
 * `StorageFailureError`.
 */
export async function openSignerStore(
  path: string,
  compactionBytes: number = SIGNER_COMPACTION_BYTES,
): Promise<SignerStore> {
  let live: SignerRecord[] = [];
  let limit = compactionBytes;
  const { log, records } = await RecordLog.open(path, (synced, fileBytes) => {
    for (const record of synced) live.push(decodeRecord(record));
    if (fileBytes <= limit) return null;
    live = [...aboveWatermark(live)];
    const kept = live.map(encodeRecord);
    limit = Math.max(compactionBytes, 2 * kept.reduce((sum, { payload }) => sum + payload.length, 0));
    return kept;
  });
  live = records.map(decodeRecord);
  return {
    // What was appended since is in it: a second signer over the same open store must know all that the first signed.
    load: () => [...live],
    append: (record) => log.append([encodeRecord(record)]),
    close: () => log.close(),
  };
}

/** Signer records that live as long as the process. */
export function createMemorySignerStore(): SignerStore {
  let records: SignerRecord[] = [];
  let limit = MEMORY_RECORDS;
  return {
    load: () => [...records],
    append(record) {
      records.push(record);
      if (records.length > limit) {
        records = [...aboveWatermark(records)];
        limit = Math.max(MEMORY_RECORDS, 2 * records.length);
      }
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
}
