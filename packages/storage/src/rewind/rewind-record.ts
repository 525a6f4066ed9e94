import { assert, encodeRlp, encodeUint, hexToBytes } from '@heddle/primitives';
import { decodeCertificate, encodeCertificate } from '@heddle/types';
import { decodeQuantity, encodeQuantity } from '../codecs.ts';
import type { Database } from '../database.ts';
import { CorruptRecordError } from '../errors.ts';
import { branchKey, numberIn, rewindsKey, snapshotKey, tableRange } from '../keys.ts';
import type { BatchOperation } from '../medium.ts';
import { recordIn } from '../record-fields.ts';
import type { BranchStart, ChainSnapshot, RewindRecord } from '../types.ts';

export const NO_REWINDS: RewindRecord = { revision: 0n, lastSnapshot: 0n, snapshots: [], branches: [] };

/** Whether the commit of the block at `height` has to say how it can be taken back, and nothing older may be deleted. */
export function isAboveSnapshot({ snapshots }: RewindRecord, height: bigint): boolean {
  const [lowest] = snapshots;
  return lowest !== undefined && lowest.height < height;
}

function encodeSnapshot({ height, hash, finalization }: ChainSnapshot): Uint8Array {
  const certificate = finalization === null ? [] : [encodeCertificate(finalization)];
  return encodeRlp([encodeUint(height), hexToBytes(hash), certificate]);
}

function decodeSnapshot(id: bigint, bytes: Uint8Array): ChainSnapshot {
  const reader = recordIn('snapshot', bytes, 3);
  const height = reader.u64('height');
  const hash = reader.hash('hash');
  const [encoded] = reader.list('finalization', 1);
  if (encoded === undefined) return { id, height, hash, finalization: null };
  const finalization = encoded instanceof Uint8Array ? decodeCertificate(encoded) : null;
  if (finalization === null || finalization.kind === 'nullify') throw new CorruptRecordError('snapshot');
  return { id, height, hash, finalization };
}

function readNumber(database: Database, name: 'revision' | 'lastSnapshot'): bigint {
  const value = database.get(rewindsKey(name));
  return value === undefined ? 0n : decodeQuantity(value);
}

/** Throws `StorageDamagedError`, `StorageFailureError`. */
export async function readRewindRecord(database: Database): Promise<RewindRecord> {
  const snapshots = await database.entries(tableRange('snapshot'));
  const branches = await database.entries(tableRange('branch'));
  return {
    revision: readNumber(database, 'revision'),
    lastSnapshot: readNumber(database, 'lastSnapshot'),
    snapshots: snapshots.map(([key, value]) => decodeSnapshot(numberIn(key), value)),
    branches: branches.map(([key, value]) => ({ height: numberIn(key), epoch: decodeQuantity(value) })),
  };
}

/** What makes `next` the record where `before` is it. */
export function rewindRecordOperations(before: RewindRecord, next: RewindRecord): readonly BatchOperation[] {
  const top = next.branches.at(-1)?.height ?? 0n;
  assert(areRising(next.branches, top), 'branches rise in height and epoch');
  const put = (key: Uint8Array, value: Uint8Array): BatchOperation => ({ type: 'put', key, value });
  const del = (key: Uint8Array): BatchOperation => ({ type: 'del', key });
  const known = new Set(before.snapshots.map(({ id }) => id));
  const kept = new Set(next.snapshots.map(({ id }) => id));
  return [
    put(rewindsKey('revision'), encodeQuantity(next.revision)),
    put(rewindsKey('lastSnapshot'), encodeQuantity(next.lastSnapshot)),
    ...before.snapshots.filter(({ id }) => !kept.has(id)).map(({ id }) => del(snapshotKey(id))),
    ...next.snapshots
      .filter(({ id }) => !known.has(id))
      .map((snapshot) => put(snapshotKey(snapshot.id), encodeSnapshot(snapshot))),
    ...branchOperations(before.branches, next.branches),
  ];
}

/** Chains have ever more branches: those that stay are not written again. */
function branchOperations(before: readonly BranchStart[], next: readonly BranchStart[]): readonly BatchOperation[] {
  const known = new Map(before.map(({ height, epoch }) => [height, epoch]));
  const kept = new Set(next.map(({ height }) => height));
  const gone = before.filter(({ height }) => !kept.has(height));
  const made = next.filter(({ height, epoch }) => known.get(height) !== epoch);
  return [
    ...gone.map(({ height }): BatchOperation => ({ type: 'del', key: branchKey(height) })),
    ...made.map(({ height, epoch }): BatchOperation => {
      return { type: 'put', key: branchKey(height), value: encodeQuantity(epoch) };
    }),
  ];
}

/** In height and epoch, and none above `head`. */
export function areRising(branches: readonly BranchStart[], head: bigint): boolean {
  return branches.every(({ height, epoch }, index) => {
    const before = branches[index - 1];
    return height <= head && (before === undefined || (before.height < height && before.epoch < epoch));
  });
}
