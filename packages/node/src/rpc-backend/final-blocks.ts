import type { BlockTransaction, FinalBlock } from '@heddle/rpc';
import type { ChainStore, StoredExecution } from '@heddle/storage';
import { type Block, encodeBlock, type Hash, type ShardId } from '@heddle/types';

/** A final block with what it executed, as RPC shows it: indices and cumulative gas run over the whole block. */
export function readFinalBlock(store: ChainStore, block: Block, hash: Hash): FinalBlock {
  const executions = store.executions(block.header.number);
  const executed = numberTransactions(executions);
  const bodyBytes = executed.reduce((sum, entry) => sum + entry.transaction.raw.length, 0);
  return { block, hash, executed, size: encodeBlock(block).length + bodyBytes };
}

/** The final block at `number`, or `null` above the head. */
export function finalBlockByNumber(store: ChainStore, number: bigint): FinalBlock | null {
  const block = store.blockByNumber(number);
  const hash = store.blockHashByNumber(number);
  return block === null || hash === null ? null : readFinalBlock(store, block, hash);
}

function numberTransactions(executions: readonly (readonly StoredExecution[])[]): readonly BlockTransaction[] {
  const numbered: BlockTransaction[] = [];
  let cumulativeGasUsed = 0n;
  let firstLogIndex = 0;
  executions.forEach((ofShard, shard: ShardId) => {
    for (const { transaction, receipt, gasUsed, effectiveGasPrice, contractAddress } of ofShard) {
      cumulativeGasUsed += gasUsed;
      const transactionIndex = numbered.length;
      numbered.push({
        transaction,
        receipt,
        gasUsed,
        effectiveGasPrice,
        cumulativeGasUsed,
        transactionIndex,
        firstLogIndex,
        contractAddress,
        shard,
      });
      firstLogIndex += receipt.logs.length;
    }
  });
  return numbered;
}
