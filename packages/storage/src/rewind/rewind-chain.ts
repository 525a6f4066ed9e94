/**
 * Takes a validator's chain to another block while nobody has it open. Whenever a kill comes, what is there can be opened:
 * between two batches of an undo stands a chain that ends with a block in between; and while a chain is replaced as a whole
 * a mark stands beside it, by which the next start begins with genesis. Who asked for the rewind asks again.
 */
import { bytesToBigint, bytesToHex } from '@heddle/primitives';
import { encodeCertificate, type Hash, type TupleCertificate } from '@heddle/types';
import { Database } from '../database.ts';
import { genesisOperations } from '../genesis-check.ts';
import {
  ALL_BUT_UNFINISHED,
  blockNumberKey,
  epochFinalizationKey,
  isIn,
  metaKey,
  tableRange,
  UNFINISHED_KEY,
} from '../keys.ts';
import { MIN_STATE_CACHE_BYTES, RESTORED_ENTRIES } from '../limits.ts';
import type { BatchOperation, Medium } from '../medium.ts';
import { divideCacheBytes } from '../state-caches.ts';
import type { ChainSnapshot, GenesisWrite, RewindRecord } from '../types.ts';
import type { ChainImage } from './chain-image.ts';
import { NO_REWINDS, readRewindRecord, rewindRecordOperations } from './rewind-record.ts';
import { dropUndoUpTo, undoBlock } from './undo-log.ts';

/** Where a chain is taken. */
export type RewindTarget =
  | { readonly kind: 'block'; readonly block: Pick<ChainSnapshot, 'height' | 'hash' | 'finalization'> }
  | { readonly kind: 'genesis' }
  | { readonly kind: 'image'; readonly image: ChainImage };

interface RewoundChain {
  readonly medium: Medium;
  readonly genesis: GenesisWrite;
}

/**
 * Takes the chain to `target`, with `record` from then on. A chain that ends below the block stays there, and one that does
 * not know the way back begins anew: both catch up with the others. Durable when it resolves. Throws as `openChainStore`.
 */
export async function rewindChain(
  { medium, genesis }: RewoundChain,
  target: RewindTarget,
  record: RewindRecord,
): Promise<void> {
  const database = await Database.open(medium, 'chain', divideCacheBytes(MIN_STATE_CACHE_BYTES).database);
  try {
    if (target.kind === 'image') await replaceChain(database, imageEntries(target.image), record);
    else if (target.kind === 'genesis') await beginAnew(database, genesis, record);
    else if (!(await undoDownTo(database, target.block, record))) await beginAnew(database, genesis, record);
  } finally {
    await database.close();
  }
}

/** What a kill has left of the replacement of a whole chain becomes genesis. */
export async function finishReplacement(database: Database, genesis: GenesisWrite): Promise<void> {
  if (database.get(UNFINISHED_KEY) !== undefined) await beginAnew(database, genesis, NO_REWINDS);
}

interface ChainEnd {
  readonly height: bigint;
  readonly hash: Hash;
}

/** Null where no chain is, or one that is being replaced. */
function endOf(database: Database): ChainEnd | null {
  const head = database.get(metaKey('head'));
  if (head === undefined || database.get(UNFINISHED_KEY) !== undefined) return null;
  const hash = bytesToHex(head);
  const number = database.get(blockNumberKey(hash));
  if (number === undefined) throw database.damaged(`block ${hash} is missing`);
  return { height: bytesToBigint(number), hash };
}

/** False when it does not come out at that block, or below it. */
async function undoDownTo(
  database: Database,
  { height, hash, finalization }: Pick<ChainSnapshot, 'height' | 'hash' | 'finalization'>,
  record: RewindRecord,
): Promise<boolean> {
  let end = endOf(database);
  while (end !== null && end.height > height) {
    if (!(await undoBlock(database, end.height))) return false;
    end = endOf(database);
  }
  if (end === null || (end.height === height && end.hash !== hash)) return false;
  const isThere = end.height === height;
  const last = [
    ...(await unfinalOperations(database)),
    ...rewindRecordOperations(await readRewindRecord(database), record),
    // Its own may be of a block below: then whoever is behind could not be told that this one is final.
    ...(isThere && finalization !== null ? finalizationOperations(finalization) : []),
  ];
  await database.write(last, true);
  await dropUnneeded(database, record, height);
  return true;
}

/** Undo records that no snapshot needs. */
export function dropUnneeded(database: Database, { snapshots }: RewindRecord, head: bigint): Promise<void> {
  const [lowest] = snapshots;
  return dropUndoUpTo(database, lowest === undefined ? head : lowest.height);
}

async function unfinalOperations(database: Database): Promise<readonly BatchOperation[]> {
  const blocks = await database.keys(tableRange('unfinalBlock'), Number.MAX_SAFE_INTEGER);
  const chunks = await database.keys(tableRange('unfinalChunk'), Number.MAX_SAFE_INTEGER);
  return [...blocks, ...chunks].map((key) => ({ type: 'del', key }));
}

function finalizationOperations(finalization: TupleCertificate): readonly BatchOperation[] {
  const value = encodeCertificate(finalization);
  return [metaKey('finalization'), epochFinalizationKey(finalization.tuple.epoch)].map((key) => ({
    type: 'put',
    key,
    value,
  }));
}

async function beginAnew(database: Database, genesis: GenesisWrite, record: RewindRecord): Promise<void> {
  await replaceChain(database, await genesisOperations(database, genesis), record);
}

/** Branches come with the record. */
function imageEntries({ entries }: ChainImage): readonly BatchOperation[] {
  return entries
    .filter(([key]) => !isIn(['branch'], key))
    .map(([key, value]): BatchOperation => ({ type: 'put', key, value }));
}

async function replaceChain(
  database: Database,
  entries: readonly BatchOperation[],
  record: RewindRecord,
): Promise<void> {
  await database.write([{ type: 'put', key: UNFINISHED_KEY, value: new Uint8Array(0) }], true);
  await database.clear(ALL_BUT_UNFINISHED);
  for (let at = 0; at < entries.length; at += RESTORED_ENTRIES) {
    await database.write(entries.slice(at, at + RESTORED_ENTRIES), false);
  }
  const last = [...rewindRecordOperations(NO_REWINDS, record), { type: 'del', key: UNFINISHED_KEY } as const];
  await database.write(last, true);
}
