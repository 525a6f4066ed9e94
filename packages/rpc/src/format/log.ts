import { bytesToHex } from '@heddle/primitives';
import type { Log } from '@heddle/types';
import type { JsonObject } from '../json.ts';
import type { BlockTransaction, FinalBlock } from '../ports.ts';
import { quantity } from './quantity.ts';

/** The `offset`-th log of a transaction. `removed` is always false: only final blocks are shown. */
export function formatLog(
  block: Pick<FinalBlock, 'hash'> & { readonly block: Pick<FinalBlock['block'], 'header'> },
  entry: Pick<BlockTransaction, 'transaction' | 'transactionIndex' | 'firstLogIndex'>,
  log: Log,
  offset: number,
): JsonObject {
  const { header } = block.block;
  return {
    address: log.address,
    topics: log.topics,
    data: bytesToHex(log.data),
    blockHash: block.hash,
    blockNumber: quantity(header.number),
    blockTimestamp: quantity(header.timestamp),
    transactionHash: entry.transaction.hash,
    transactionIndex: quantity(entry.transactionIndex),
    logIndex: quantity(entry.firstLogIndex + offset),
    removed: false,
  };
}
