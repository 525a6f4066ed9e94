import { outboxRoot } from '@heddle/sharding';
import { orderedTrieRoot } from '@heddle/state';
import type { ChunkHeader, Hash, ShardId, ValidatorIndex } from '@heddle/types';
import {
  EMPTY_BLOOM,
  EMPTY_TRIE_ROOT,
  encodeReceipt,
  hashAccessList,
  hashBodyTransactions,
  ZERO_ADDRESS,
  ZERO_HASH,
} from '@heddle/types';
import { baseFeeOf } from './system-work.ts';
import type { ChunkContext, ChunkOutcome } from './types.ts';

/** Everything that a chunk header commits of its body and effects, but for the state root. */
export interface ChunkRoots {
  readonly transactionsRoot: Hash;
  readonly dispatchedRoot: Hash;
  readonly receiptsRoot: Hash;
  readonly accessListHash: Hash;
  readonly bodyRoot: Hash;
  readonly outboxRoot: Hash;
}

/** Ethereum's ordered tries over transactions and receipts, and the hashes of the rest. */
export function chunkRoots(outcome: ChunkOutcome, shardCount: number): ChunkRoots {
  return {
    transactionsRoot: orderedTrieRoot(outcome.executed.map(({ transaction }) => transaction.raw)),
    dispatchedRoot: orderedTrieRoot(outcome.dispatched.map(({ raw }) => raw)),
    receiptsRoot: orderedTrieRoot(outcome.executed.map(({ receipt }) => encodeReceipt(receipt))),
    accessListHash: hashAccessList(outcome.accessList),
    bodyRoot: hashBodyTransactions(outcome.included.map(({ raw }) => raw)),
    outboxRoot: outboxRoot(outcome.outbox, shardCount),
  };
}

/** The header of an executed chunk. `stateRoot` is the root after `outcome.changes`. */
export function assembleChunkHeader(
  context: ChunkContext,
  outcome: ChunkOutcome,
  roots: ChunkRoots,
  stateRoot: Hash,
  producer: ValidatorIndex,
): ChunkHeader {
  return {
    shard: context.shard,
    height: context.height,
    parentChunkHash: context.parentChunkHash,
    parentBlockHash: context.parentBlockHash,
    stateRoot,
    ...roots,
    logsBloom: outcome.logsBloom,
    gasUsed: outcome.gasUsed,
    gasLimit: context.gasLimit,
    baseFeePerGas: baseFeeOf(context, context.shard),
    timestamp: context.timestamp,
    coinbase: context.coinbase,
    tips: outcome.tips,
    inboundCursors: outcome.inboundCursors,
    queuedWeight: outcome.queuedWeight,
    executedCount: outcome.executed.length,
    logCount: outcome.executed.reduce((sum, { receipt }) => sum + receipt.logs.length, 0),
    receiptGas: outcome.executed.at(-1)?.receipt.cumulativeGasUsed ?? 0n,
    coveredHeight: outcome.coveredHeight,
    producer,
  };
}

/** What a shard's genesis chunk says beside its state. */
export interface GenesisChunk {
  readonly shard: ShardId;
  readonly shardCount: number;
  readonly stateRoot: Hash;
  readonly gasLimit: bigint;
  readonly baseFeePerGas: bigint;
  /** Seconds. */
  readonly timestamp: bigint;
}

/** The chunk header at height 0: nothing happened, nothing is queued, no height needs covering. */
export function genesisChunkHeader(genesis: GenesisChunk): ChunkHeader {
  const { shardCount, ...fields } = genesis;
  return {
    ...fields,
    height: 0n,
    parentChunkHash: ZERO_HASH,
    parentBlockHash: ZERO_HASH,
    transactionsRoot: EMPTY_TRIE_ROOT,
    dispatchedRoot: EMPTY_TRIE_ROOT,
    receiptsRoot: EMPTY_TRIE_ROOT,
    accessListHash: hashAccessList([]),
    bodyRoot: hashBodyTransactions([]),
    outboxRoot: outboxRoot([], shardCount),
    logsBloom: EMPTY_BLOOM,
    gasUsed: 0n,
    coinbase: ZERO_ADDRESS,
    tips: 0n,
    inboundCursors: Array.from({ length: shardCount }, () => 0n),
    queuedWeight: 0n,
    executedCount: 0,
    logCount: 0,
    receiptGas: 0n,
    coveredHeight: 0n,
    producer: 0,
  };
}
