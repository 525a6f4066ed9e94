import type { StateReader } from '@heddle/state';
import type { RecoveredTransaction } from '@heddle/types';
import { type ChunkTask, openRun, startAt } from '../chunk/chunk-run.ts';
import { includeTransaction } from '../chunk/include-transaction.ts';
import { SnapshotMissError } from '../errors.ts';
import type { DeclaredResult, Position } from './results.ts';
import { effectsOf, reasonOf } from './run-index.ts';
import type { Snapshot } from './snapshot.ts';

/** Executes the transaction at `index` of its chunk on what the access list says that it sees, and checks it against the list. */
export function runDeclared(
  task: ChunkTask,
  snapshot: Snapshot,
  transaction: RecoveredTransaction,
  position: Position,
  index: number,
): DeclaredResult {
  return runDeclaredOn(snapshot.at(index), task, snapshot, transaction, position, index);
}

/** As `runDeclared`, with a reader that may know more than the snapshot does. */
export function runDeclaredOn(
  reader: StateReader,
  task: ChunkTask,
  snapshot: Snapshot,
  transaction: RecoveredTransaction,
  position: Position,
  index: number,
): DeclaredResult {
  const run = openRun(task, reader, startAt(index - 1));
  try {
    includeTransaction(run, transaction);
  } catch (error) {
    if (error instanceof SnapshotMissError) return { kind: 'handedBack', position };
    // Also what is impossible on a true state: the list may lie about it. The sequential path sees the true one.
    return { kind: 'refused', position, reason: reasonOf(error) };
  }
  const difference = snapshot.check(run.world, index);
  if (difference !== null) return { kind: 'refused', position, reason: difference };
  return { kind: 'done', position, sender: transaction.sender, effects: effectsOf(run) };
}
