import {
  epochOfSlot,
  SIGNER_WINDOW_EPOCHS,
  SIGNER_WINDOW_POSITIONS,
  type SignerHistory,
  type SignerRecord,
  type SignerStore,
} from '@heddle/consensus';
import { encodeRlp, encodeUint, utf8ToBytes } from '@heddle/primitives';
import { CorruptRecordError } from './errors.ts';
import type { LogRecord } from './frame.ts';
import { SIGNER_COMPACTION_BYTES } from './limits.ts';
import type { Medium } from './medium.ts';
import { recordIn } from './record-fields.ts';
import { type LogKind, RecordLog } from './record-log.ts';

const TYPES = { signature: 1, silence: 2 } as const;

const KIND: Omit<LogKind, 'initial'> = {
  durability: 'synced',
  wayOut:
    'Remove it, and put no old copy in its place: that has forgotten signatures. Import an export of its records with ' +
    '`heddle signer import`, or start without: the validator stays silent until a full epoch has passed',
};

const decoder = new TextDecoder('utf-8', { fatal: true });

function encodeRecord(record: SignerRecord): LogRecord {
  const { slot, position, scope, digest, signature } = record;
  const fields = [utf8ToBytes(slot), encodeUint(position), utf8ToBytes(scope), utf8ToBytes(digest), signature];
  return { type: TYPES.signature, payload: encodeRlp(fields) };
}

function decodeRecord({ type, payload }: LogRecord): SignerRecord {
  if (type !== TYPES.signature) throw new CorruptRecordError(`signer record of type ${type}`);
  const reader = recordIn('signer record', payload, 5);
  return {
    slot: decoder.decode(reader.bytes('slot')),
    position: reader.u64('position'),
    scope: decoder.decode(reader.bytes('scope')),
    digest: decoder.decode(reader.bytes('digest')),
    signature: reader.bytes('signature'),
  };
}

function encodeHistory({ silentBefore, records }: SignerHistory): readonly LogRecord[] {
  const silence = { type: TYPES.silence, payload: encodeRlp([encodeUint(silentBefore)]) };
  return [...(silentBefore > 0n ? [silence] : []), ...records.map(encodeRecord)];
}

function decodeHistory(logged: readonly LogRecord[]): SignerHistory {
  const silences = logged.filter(({ type }) => type === TYPES.silence);
  const epochs = silences.map(({ payload }) => recordIn('silence of the signer', payload, 1).u64('epoch'));
  return {
    silentBefore: epochs.reduce((latest, epoch) => (epoch > latest ? epoch : latest), 0n),
    records: logged.filter(({ type }) => type !== TYPES.silence).map(decodeRecord),
  };
}

/**
 * Without what lies more than `SIGNER_WINDOW_POSITIONS` below its slot's highest position, or `SIGNER_WINDOW_EPOCHS`
 * below the highest epoch: the signer refuses to sign there, whether or not it has a record.
 */
function aboveWatermark(records: readonly SignerRecord[]): readonly SignerRecord[] {
  const highest = new Map<string, bigint>();
  let highestEpoch = 0n;
  for (const { slot, position } of records) {
    const known = highest.get(slot);
    if (known === undefined || position > known) highest.set(slot, position);
    const epoch = epochOfSlot(slot);
    if (epoch > highestEpoch) highestEpoch = epoch;
  }
  const isAbove = ({ slot, position }: SignerRecord): boolean =>
    position + SIGNER_WINDOW_POSITIONS >= (highest.get(slot) ?? 0n) &&
    epochOfSlot(slot) + SIGNER_WINDOW_EPOCHS >= highestEpoch;
  return records.filter(isAbove);
}

/**
 * The signer's records in the file `path` of a medium; if there is none it is made with `whenMissing` in it. Throws
 * `JournalCorruptError`, `CorruptRecordError`, `StorageFailureError`.
 */
export async function openSignerStore(
  medium: Pick<Medium, 'name' | 'disk' | 'randomBytes'>,
  path: string,
  whenMissing: SignerHistory,
  compactionBytes: number = SIGNER_COMPACTION_BYTES,
): Promise<SignerStore> {
  let live: SignerRecord[] = [];
  let silentBefore = 0n;
  let limit = compactionBytes;
  const opened = await RecordLog.open(
    medium,
    path,
    { ...KIND, initial: encodeHistory(whenMissing) },
    (synced, fileBytes) => {
      for (const record of synced) live.push(decodeRecord(record));
      if (fileBytes <= limit) return null;
      live = [...aboveWatermark(live)];
      const kept = encodeHistory({ silentBefore, records: live });
      limit = Math.max(compactionBytes, 2 * kept.reduce((sum, { payload }) => sum + payload.length, 0));
      return kept;
    },
  );
  const history = decodeHistory(opened.records);
  live = [...history.records];
  silentBefore = history.silentBefore;
  return {
    silentBefore: () => silentBefore,
    // What was appended since is in it: a second signer over the same open store must know all that the first signed.
    load: () => [...live],
    append: (record) => opened.log.append([encodeRecord(record)]),
    close: () => opened.log.close(),
  };
}

/** Puts `history` in the place of what the file says. Nobody has it open. Throws `StorageFailureError`. */
export function replaceSignerHistory(
  medium: Pick<Medium, 'name' | 'disk' | 'randomBytes'>,
  path: string,
  history: SignerHistory,
): Promise<void> {
  const records = aboveWatermark(history.records);
  return RecordLog.replace(medium, path, encodeHistory({ ...history, records }));
}
