import { type RecoveredTransaction, recoverTransaction, type SignedTransaction } from '@heddle/types';
import type { ChunkTask } from '../../src/chunk/chunk-run.ts';
import { SnapshotMissError } from '../../src/errors.ts';
import type { LanePool } from '../../src/index.ts';
import type { DeclaredResult, LaneResult } from '../../src/lanes/results.ts';
import { runDeclared } from '../../src/lanes/run-declared.ts';
import { LaneRun } from '../../src/lanes/run-lane.ts';
import { Snapshot } from '../../src/lanes/snapshot.ts';

/**
 * What workers do, on this thread: many more blocks a second, and a debugger sees all of it. What it leaves out is how
 * jobs and results are packed for other threads.
 */
export function createInlinePool(workers: number, taskOf: () => ChunkTask): LanePool {
  return {
    workers,
    recover: async (transactions) => transactions.map((transaction) => recoverTransaction(transaction)?.sender ?? null),
    runDeclared: async ({ snapshot: buffers, transactions, firstIndex }) => {
      const snapshot = new Snapshot(buffers);
      const task = withoutAncestors(taskOf());
      return transactions.map((signed, position): DeclaredResult => {
        const transaction = recovered(signed);
        if (transaction === null) return { kind: 'refused', position, reason: 'its signature is not valid' };
        return runDeclared(task, snapshot, transaction, position, firstIndex + position);
      });
    },
    runLanes: async ({ snapshot, transactions, lanes }) => {
      const state = new Snapshot(snapshot).at(0);
      const task = withoutAncestors(taskOf());
      const results: LaneResult[] = [];
      for (const lane of lanes) {
        const run = new LaneRun(task, state, null);
        for (const position of lane) {
          const transaction = transactions[position];
          if (transaction !== undefined) results.push(run.run(transaction, position));
        }
      }
      return results.sort((a, b) => a.position - b.position);
    },
    close: async () => undefined,
  };
}

function recovered(transaction: SignedTransaction | RecoveredTransaction): RecoveredTransaction | null {
  return 'sender' in transaction ? transaction : recoverTransaction(transaction);
}

/** A worker has no blocks, or queue. */
function withoutAncestors({ context, rules }: ChunkTask): ChunkTask {
  const ancestor = (height: bigint): never => {
    throw new SnapshotMissError(`block ${height}`);
  };
  return { context: { ...context, ancestor, queue: [] }, rules };
}
