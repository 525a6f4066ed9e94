import type { ExecutedTransaction } from '@heddle/execution';
import type { FinalBlockWrite, FinalChunk, StoredExecution } from '@heddle/storage';
import type { TupleCertificate } from '@heddle/types';
import type { ExecutedBlock, ExecutedChunk } from './executed-block.ts';

/** Everything that a final block changes on disk. `finalization` is null for an ancestor of the certified block. */
export function finalBlockWrite(executed: ExecutedBlock, finalization: TupleCertificate | null): FinalBlockWrite {
  const chunks = executed.shards.flatMap((tip) => (tip.executed === null ? [] : [finalChunk(tip.executed)]));
  return { block: executed.block, blockHash: executed.hash, finalization, chunks };
}

function finalChunk(executed: ExecutedChunk): FinalChunk {
  const { outcome, layer } = executed;
  return {
    shard: executed.header.shard,
    chunkHash: executed.hash,
    chunk: executed.chunk,
    executed: outcome.executed.map(storedExecution),
    dispatched: outcome.dispatched,
    delivered: outcome.delivered,
    outbox: outcome.outbox,
    changes: outcome.changes,
    storageRoots: layer.storageRoots,
    nodes: layer.nodes,
    burned: outcome.burned,
  };
}

function storedExecution(executed: ExecutedTransaction): StoredExecution {
  const { transaction, receipt, gasUsed, effectiveGasPrice, contractAddress, deliveredBy } = executed;
  return { transaction, receipt, gasUsed, effectiveGasPrice, contractAddress, deliveredBy };
}
