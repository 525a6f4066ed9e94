/**
 * What the owner of several validators is about to do to all of their chains, on its own medium: written and synced before
 * the first is touched, removed after the last. Who finds it at the start does it again.
 */
import { concatBytes, encodeRlp, encodeUint, hexToBytes, type RlpItem } from '@heddle/primitives';
import { decodeCertificate, encodeCertificate, type TupleCertificate } from '@heddle/types';
import { CorruptRecordError, storageFailure } from '../errors.ts';
import type { LogRecord } from '../frame.ts';
import { MARK_PIECE_BYTES, MAX_BRANCHES, MAX_SNAPSHOTS } from '../limits.ts';
import { type Medium, parentOf } from '../medium.ts';
import { recordIn } from '../record-fields.ts';
import { type LogKind, RecordLog } from '../record-log.ts';
import type { ChainSnapshot, RewindRecord } from '../types.ts';

type MarkMedium = Pick<Medium, 'name' | 'disk' | 'randomBytes'>;

/** A rewind as it is written down: an image is the dump that it was read from. */
export interface MarkedRewind {
  readonly target:
    | { readonly kind: 'block'; readonly block: Pick<ChainSnapshot, 'height' | 'hash' | 'finalization'> }
    | { readonly kind: 'genesis' }
    | { readonly kind: 'image'; readonly dump: Uint8Array };
  readonly record: RewindRecord;
}

const MARK_PATH = 'rewind/pending.log';
const MARK = 'mark of a rewind';
const TYPES = { plan: 1, image: 2 } as const;
const KINDS = ['block', 'genesis', 'image'] as const;

const KIND: LogKind = {
  initial: [],
  durability: 'synced',
  wayOut: 'Start with --reset: the validators may be at different blocks',
};

/** Throws `StorageFailureError`. */
export function writeRewindMark(medium: MarkMedium, rewind: MarkedRewind): Promise<void> {
  return RecordLog.replace(medium, MARK_PATH, encodeMark(rewind));
}

/** Null when there is none. Throws `JournalCorruptError`, `CorruptRecordError`, `StorageFailureError`. */
export async function readRewindMark(medium: MarkMedium): Promise<MarkedRewind | null> {
  const isThere = await orFailure('read', medium.disk.read(MARK_PATH));
  if (isThere === null) return null;
  const { log, records } = await RecordLog.open(medium, MARK_PATH, KIND, () => null);
  await log.close();
  return decodeMark(records);
}

/** Durable when it resolves. Throws `StorageFailureError`. */
export async function removeRewindMark({ disk }: MarkMedium): Promise<void> {
  await orFailure('remove', disk.remove(MARK_PATH));
  await orFailure('remove', disk.syncDirectory(parentOf(MARK_PATH)));
}

async function orFailure<Result>(operation: string, result: Promise<Result>): Promise<Result> {
  try {
    return await result;
  } catch (cause) {
    throw storageFailure(`${operation} ${MARK_PATH}`, { cause });
  }
}

const certificateItem = (certificate: TupleCertificate | null): RlpItem =>
  certificate === null ? [] : [encodeCertificate(certificate)];

function encodeMark({ target, record }: MarkedRewind): readonly LogRecord[] {
  const block = target.kind === 'block' ? target.block : null;
  const plan = encodeRlp([
    encodeUint(KINDS.indexOf(target.kind)),
    block === null ? [] : [encodeUint(block.height), hexToBytes(block.hash), certificateItem(block.finalization)],
    encodeUint(record.revision),
    encodeUint(record.lastSnapshot),
    record.snapshots.flatMap(({ id, height, hash, finalization }): RlpItem[] => [
      encodeUint(id),
      encodeUint(height),
      hexToBytes(hash),
      certificateItem(finalization),
    ]),
    record.branches.flatMap(({ height, epoch }) => [encodeUint(height), encodeUint(epoch)]),
  ]);
  const dump = target.kind === 'image' ? target.dump : new Uint8Array(0);
  const pieces: LogRecord[] = [{ type: TYPES.plan, payload: plan }];
  for (let at = 0; at < dump.length; at += MARK_PIECE_BYTES) {
    pieces.push({ type: TYPES.image, payload: dump.subarray(at, at + MARK_PIECE_BYTES) });
  }
  return pieces;
}

function decodeMark(records: readonly LogRecord[]): MarkedRewind {
  const [plan, ...pieces] = records;
  if (plan === undefined || plan.type !== TYPES.plan) throw new CorruptRecordError(MARK);
  const reader = recordIn(MARK, plan.payload, 6);
  const kind = KINDS[reader.index('kind', KINDS.length - 1)];
  const [block] = entriesOf(reader.list('block', 3), 3);
  const revision = reader.u64('revision');
  const lastSnapshot = reader.u64('lastSnapshot');
  const snapshots = entriesOf(reader.list('snapshots', 4 * MAX_SNAPSHOTS), 4).map(([id, ...rest]) => {
    return { id: numberOf(id), ...blockOf(rest) };
  });
  const branches = entriesOf(reader.list('branches', 2 * MAX_BRANCHES), 2).map(([height, epoch]) => {
    return { height: numberOf(height), epoch: numberOf(epoch) };
  });
  const record = { revision, lastSnapshot, snapshots, branches };
  if (kind === 'genesis') return { target: { kind }, record };
  if (kind === 'image') {
    return { target: { kind, dump: concatBytes(...pieces.map(({ payload }) => payload)) }, record };
  }
  if (block === undefined) throw new CorruptRecordError(MARK);
  return { target: { kind: 'block', block: blockOf(block) }, record };
}

/** The fields of a list, so many an entry. */
function entriesOf(items: readonly RlpItem[], each: number): readonly (readonly RlpItem[])[] {
  return Array.from({ length: Math.ceil(items.length / each) }, (_, entry) =>
    items.slice(entry * each, (entry + 1) * each),
  );
}

function blockOf(fields: readonly RlpItem[]): Pick<ChainSnapshot, 'height' | 'hash' | 'finalization'> {
  const reader = recordIn(MARK, encodeRlp([...fields]), 3);
  const height = reader.u64('height');
  const hash = reader.hash('hash');
  const [encoded] = reader.list('finalization', 1);
  if (encoded === undefined) return { height, hash, finalization: null };
  const finalization = encoded instanceof Uint8Array ? decodeCertificate(encoded) : null;
  if (finalization === null || finalization.kind === 'nullify') throw new CorruptRecordError(MARK);
  return { height, hash, finalization };
}

function numberOf(item: RlpItem | undefined): bigint {
  return recordIn(MARK, encodeRlp([item ?? []]), 1).u64('number');
}
