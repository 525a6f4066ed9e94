import type { ExecutedTransaction } from '@heddle/execution';
import type { FinalBlockWrite, FinalChunk, FinalSection, NamedValidators, StoredExecution } from '@heddle/storage';
import type { BlockAccessList, TupleCertificate } from '@heddle/types';
import type { ExecutedBlock, ExecutedChunk, ExecutedSection } from './executed-block.ts';

/**
 * Everything that a final block changes on disk. `finalization` is null for an ancestor of the certified block; `named`:
 * the validators that the block's state names, if it does.
 */
export function finalBlockWrite(
  executed: ExecutedBlock,
  finalization: TupleCertificate | null,
  named: NamedValidators | null,
): FinalBlockWrite {
  const chunks = executed.shards.flatMap((tip) => (tip.executed === null ? [] : [finalChunk(tip.executed)]));
  const section = executed.section === null ? null : finalSection(executed.section);
  return {
    block: executed.block,
    blockHash: executed.hash,
    finalization,
    chunks,
    section,
    accessLists: looseLists(executed),
    named,
    control: executed.control,
    derived: executed.derived,
  };
}

/** Access lists that nothing else of the block carries: eth_getBlockAccessList shows them beside the chunks'. */
function looseLists({ shards, section }: ExecutedBlock): readonly BlockAccessList[] {
  if (section !== null && section.control === null) return section.outcome.accessLists;
  const ofChunks = shards.flatMap(({ executed }) => (executed?.chunk === null ? [executed.outcome.accessList] : []));
  return [...ofChunks, ...(section?.outcome.accessLists ?? [])];
}

function finalSection({ outcome, layers }: ExecutedSection): FinalSection {
  const updates = layers.flatMap((layer, shard) => {
    if (layer === null) return [];
    const { changes, storageRoots, nodes, tries } = layer;
    return [{ shard, changes, storageRoots, nodes, tries }];
  });
  const { burned, minted } = outcome;
  return { executed: outcome.executed.map(storedExecution), updates, burned, minted };
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
    tries: layer.tries,
    burned: outcome.burned,
  };
}

function storedExecution(executed: ExecutedTransaction): StoredExecution {
  const { transaction, receipt, gasUsed, effectiveGasPrice, contractAddress, deliveredBy } = executed;
  return { transaction, receipt, gasUsed, effectiveGasPrice, contractAddress, deliveredBy };
}
