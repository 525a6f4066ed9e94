/**
 * What blocks have overwritten, at the level of the key-value store: with it the last blocks can be taken back, newest first,
 * one atomic batch each, after which the final tables are byte for byte what they were. Nothing here knows what keys mean.
 */
import { EMPTY_BYTES, encodeRlp, type RlpItem } from '@heddle/primitives';
import type { Database } from '../database.ts';
import { CorruptRecordError } from '../errors.ts';
import { FINAL_TABLES, isIn, undoKey, undoRange } from '../keys.ts';
import { DROPPED_UNDO_RECORDS, MAX_UNDO_PIECES, UNDO_PIECE_BYTES } from '../limits.ts';
import type { BatchOperation } from '../medium.ts';
import { fieldsOf, recordsIn } from '../record-fields.ts';

const UNDO = 'record of what a block overwrote';

/** What puts back what `operations` change, for the batch of the block at `height` that they belong to. */
export async function undoOperations(
  database: Database,
  height: bigint,
  operations: readonly BatchOperation[],
): Promise<readonly BatchOperation[]> {
  const keys = new Map<string, Uint8Array>();
  for (const { key } of operations) {
    // What is not final is not put back: a rewind deletes it.
    if (isIn(FINAL_TABLES, key)) keys.set(Buffer.from(key).toString('latin1'), key);
  }
  const before = await database.getMany([...keys.values()]);
  const entries = [...keys.values()].map((key, index) => ({ key, value: before[index] }));
  return encodePieces(entries).map((value, piece) => ({ type: 'put', key: undoKey(height, piece), value }));
}

interface Overwritten {
  readonly key: Uint8Array;
  /** Undefined: there was none. */
  readonly value: Uint8Array | undefined;
}

function encodePieces(entries: readonly Overwritten[]): readonly Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let items: RlpItem[] = [];
  let bytes = 0;
  for (const { key, value } of entries) {
    items.push([key, value === undefined ? [] : [value]]);
    bytes += key.length + (value ?? EMPTY_BYTES).length;
    if (bytes < UNDO_PIECE_BYTES) continue;
    pieces.push(encodeRlp(items));
    items = [];
    bytes = 0;
  }
  if (items.length > 0) pieces.push(encodeRlp(items));
  return pieces;
}

function* decodePiece(bytes: Uint8Array): Generator<BatchOperation> {
  for (const item of recordsIn(UNDO, bytes)) {
    const reader = fieldsOf(UNDO, item, 2);
    const key = reader.bytes('key');
    const [value] = reader.list('value', 1);
    if (value !== undefined && !(value instanceof Uint8Array)) throw new CorruptRecordError(UNDO);
    yield value === undefined ? { type: 'del', key } : { type: 'put', key, value };
  }
}

/** Takes back the block at `height`, the newest, with one batch. False when nothing says how. Throws as `Database.get`. */
export async function undoBlock(database: Database, height: bigint): Promise<boolean> {
  const operations: BatchOperation[] = [];
  for (let piece = 0; piece <= MAX_UNDO_PIECES; piece++) {
    const key = undoKey(height, piece);
    const value = database.get(key);
    if (value === undefined) break;
    for (const operation of decodePiece(value)) operations.push(operation);
    operations.push({ type: 'del', key });
  }
  if (operations.length === 0) return false;
  await database.write(operations, false);
  return true;
}

/** Forgets how to take back the blocks up to `height`. A kill leaves the newest of them, for the next time. */
export async function dropUndoUpTo(database: Database, height: bigint): Promise<void> {
  for (;;) {
    const keys = await database.keys(undoRange(height), DROPPED_UNDO_RECORDS);
    if (keys.length === 0) return;
    await database.write(
      keys.map((key) => ({ type: 'del', key })),
      false,
    );
  }
}
