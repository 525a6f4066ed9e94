import type { ChunkHeader, ShardId } from '@heddle/types';
import { maxMessageWeight } from './budgets.ts';
import { FULL_QUEUE_CHUNKS, MISSED_HEIGHTS_TO_FULL } from './limits.ts';

/** The chunk that may send. */
export interface SendingChunk {
  readonly shard: ShardId;
  readonly height: bigint;
}

/**
 * Weight of the Calls that one chunk may send each shard (protocol.md, Messages: backpressure), from the chunk headers
 * of its parent block, in shard order. Everyone reads the same headers, so each source gets its S-th part of the room.
 */
export function sendAllowances(chunk: SendingChunk, newest: readonly ChunkHeader[]): readonly bigint[] {
  return newest.map((header) => allowanceTo(header, chunk, newest.length));
}

/**
 * The source whose turn it is may send one maximal message even if its part is less, so that heavy ones get through.
 * But not to a full shard that makes no chunks: its queue would grow for as long as it is down.
 */
function allowanceTo(target: ChunkHeader, { shard, height }: SendingChunk, shardCount: number): bigint {
  const full = target.gasLimit * FULL_QUEUE_CHUNKS;
  const missed = height - target.height - 1n;
  const filled = target.queuedWeight + (missed * full) / MISSED_HEIGHTS_TO_FULL;
  const room = filled < full ? full - filled : 0n;
  const part = room / BigInt(shardCount);
  const isTurn = height % BigInt(shardCount) === BigInt(shard) && (room > 0n || missed === 0n);
  const heaviest = maxMessageWeight(target);
  return isTurn && part < heaviest ? heaviest : part;
}
