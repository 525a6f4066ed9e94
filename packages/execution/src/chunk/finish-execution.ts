import type { Address, Hash, Log, Receipt, RecoveredTransaction } from '@heddle/types';
import { logsBloom } from '@heddle/types';
import { nonLocalBalances } from '../transaction/sweep.ts';
import type { ExecutionOutcome } from '../transaction/types.ts';
import type { Cause, ChunkRun } from './chunk-run.ts';

/** Ends the scope of a transaction or delivery: self-destructs, placements of what it created, sweeps. */
export function finishScope(run: ChunkRun, created: readonly Address[], cause: Cause): void {
  run.burned += run.world.finishTransaction();
  placeCreated(run, created);
  for (const { address, shard, balance } of nonLocalBalances(run.world, run.rules)) {
    run.emitted.push({
      kind: 'transfer',
      id: cause.nextId(),
      destination: shard,
      originTx: cause.originTx,
      sender: cause.sender,
      target: address,
      value: balance,
    });
  }
}

/** The EVM has listed them inside the transaction; the chunk carries the list to the other shards. */
function placeCreated(run: ChunkRun, created: readonly Address[]): void {
  const { shard, shardCount } = run.context;
  if (shardCount === 1) return;
  for (const address of created) run.placements.push({ address, shard });
}

/** What a receipt is made of. */
export interface ReceiptFacts {
  readonly transaction: RecoveredTransaction;
  readonly outcome: ExecutionOutcome;
  /** Everything the sender pays for, in gas. */
  readonly gasUsed: bigint;
  readonly effectiveGasPrice: bigint;
  readonly deliveredBy: Hash | null;
}

/** Adds an executed transaction and its receipt (EIP-658). */
export function recordExecution(run: ChunkRun, facts: ReceiptFacts): void {
  const { transaction, outcome, gasUsed } = facts;
  run.cumulativeGas += gasUsed;
  const logs: readonly Log[] = outcome.logs;
  const receipt: Receipt = {
    type: transaction.fields.type,
    status: outcome.status,
    cumulativeGasUsed: run.cumulativeGas,
    logsBloom: logsBloom(logs),
    logs,
  };
  run.executed.push({
    transaction,
    receipt,
    gasUsed,
    effectiveGasPrice: facts.effectiveGasPrice,
    contractAddress: outcome.status === 1 && transaction.fields.to === null ? outcome.createdAddress : null,
    deliveredBy: facts.deliveredBy,
  });
}
