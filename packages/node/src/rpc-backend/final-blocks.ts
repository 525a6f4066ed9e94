import { ImpossibleStateError } from '@heddle/primitives';
import type { BlockTransaction, FinalBlock } from '@heddle/rpc';
import type { ChainStore, StoredExecution } from '@heddle/storage';
import { type Block, encodeBlock, type Hash } from '@heddle/types';

/**
 * What was read of a block that is still in memory, the head above all: nearly every request asks for it, and most only for
 * its number. Lives as long as the block itself.
 */
const remembered = new WeakMap<Block, FinalBlock>();

/** A final block with what it executed, as RPC shows it: indices and cumulative gas run over the whole block. */
export function readFinalBlock(store: ChainStore, block: Block, hash: Hash): FinalBlock {
  const known = remembered.get(block);
  if (known !== undefined) return known;
  const read = readAnew(store, block, hash);
  remembered.set(block, read);
  return read;
}

function readAnew(store: ChainStore, block: Block, hash: Hash): FinalBlock {
  const executions = store.executions(block.header.number);
  const baseFees = [...block.chunks, ...(block.section === null ? [] : [block.section])].map(
    ({ header }) => header.baseFeePerGas,
  );
  const executed = numberTransactions(executions, baseFees, block.chunks.length);
  const bodyBytes = executed.reduce((sum, entry) => sum + entry.transaction.raw.length, 0);
  let size: number | null = null;
  return {
    block,
    hash,
    executed,
    // Few ask for it, and of a run's thousands of blocks nobody.
    get size() {
      size ??= encodeBlock(block).length + bodyBytes;
      return size;
    },
  };
}

/** The final block at `number`, or `null` above the head. */
export function finalBlockByNumber(store: ChainStore, number: bigint): FinalBlock | null {
  const block = store.blockByNumber(number);
  const hash = store.blockHashByNumber(number);
  return block === null || hash === null ? null : readFinalBlock(store, block, hash);
}

/** `baseFees`: of each part. */
function numberTransactions(
  executions: readonly (readonly StoredExecution[])[],
  baseFees: readonly bigint[],
  shardCount: number,
): readonly BlockTransaction[] {
  const numbered: BlockTransaction[] = [];
  let cumulativeGasUsed = 0n;
  let firstLogIndex = 0;
  for (const [part, ofPart] of executions.entries()) {
    const baseFeePerGas = baseFees[part];
    if (baseFeePerGas === undefined) throw new ImpossibleStateError(`the block has no part ${part}`);
    const executedShard = part === shardCount ? null : part;
    for (const { transaction, receipt, gasUsed, effectiveGasPrice, contractAddress, deliveredBy } of ofPart) {
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
        baseFeePerGas,
        way: executedShard === null ? 'section' : deliveredBy === null ? 'local' : 'dispatched',
        executedShard,
      });
      firstLogIndex += receipt.logs.length;
    }
  }
  return numbered;
}
