import type { ChainStore } from '@heddle/storage';
import type { Block, EndorsementCertificate, ShardId } from '@heddle/types';
import { MAX_COUNTED_MISSED_HEIGHTS } from '../limits.ts';

/*
 * Heights in a row without a certified chunk of a shard. Deadlines and timers follow from the count, so every node has to
 * come to the same number, whether it has seen the blocks or reads them after a restart.
 */

/** The count after a block whose entry for the shard has this certificate. */
export function missedAfter(before: number, certificate: EndorsementCertificate | null, shardCount: number): number {
  if (certificate !== null) return 0;
  return shardCount > 1 ? before + 1 : Math.min(before + 1, MAX_COUNTED_MISSED_HEIGHTS);
}

/** The count at the store's head. */
export function missedAtHead(store: ChainStore, head: Block, shard: ShardId): number {
  const { number } = head.header;
  // With several shards a missing one keeps its last header; with one the canonical empty chunk takes the height.
  if (head.chunks.length > 1) return Number(number - (head.chunks[shard]?.header.height ?? number));
  let missed = 0;
  for (let height = number; height > 0n && missed < MAX_COUNTED_MISSED_HEIGHTS; height--) {
    const block = store.blockByNumber(height);
    // With one shard only a control block has a section.
    if (block?.chunks[shard]?.certificate !== null || block.section !== null) break;
    missed++;
  }
  return missed;
}
