import type { Hash, Log, Receipt, RecoveredTransaction } from '@heddle/types';
import { logsBloom } from '@heddle/types';
import type { ExecutionOutcome } from '../transaction/types.ts';
import type { ChunkRun } from './chunk-run.ts';
import type { ExecutedTransaction } from './types.ts';

/** What a receipt is made of. */
export interface ReceiptFacts {
  readonly transaction: RecoveredTransaction;
  readonly outcome: ExecutionOutcome;
  /** Everything the sender pays for, in gas. */
  readonly gasUsed: bigint;
  readonly effectiveGasPrice: bigint;
  readonly deliveredBy: Hash | null;
}

/** Adds an executed transaction and its receipt. */
export function recordExecution(run: ChunkRun, facts: ReceiptFacts): void {
  run.cumulativeGas += facts.gasUsed;
  run.executed.push(describeExecution(facts, run.cumulativeGas));
}

/** An executed transaction with its receipt (EIP-658). */
export function describeExecution(facts: ReceiptFacts, cumulativeGasUsed: bigint): ExecutedTransaction {
  const { transaction, outcome, gasUsed } = facts;
  const logs: readonly Log[] = outcome.logs;
  const receipt: Receipt = {
    type: transaction.fields.type,
    status: outcome.status,
    cumulativeGasUsed,
    logsBloom: logsBloom(logs),
    logs,
  };
  return {
    transaction,
    receipt,
    gasUsed,
    effectiveGasPrice: facts.effectiveGasPrice,
    contractAddress: outcome.status === 1 && transaction.fields.to === null ? outcome.createdAddress : null,
    deliveredBy: facts.deliveredBy,
  };
}
