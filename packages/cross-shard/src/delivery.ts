import type { Message } from '@heddle/types';
import { messageWeight } from './weight.ts';

/** Orders messages to one shard as they are delivered: (source height, source shard, sequence). */
export function compareDeliveryOrder(a: Message, b: Message): number {
  if (a.sourceHeight !== b.sourceHeight) return a.sourceHeight < b.sourceHeight ? -1 : 1;
  if (a.source !== b.source) return a.source - b.source;
  if (a.sequence !== b.sequence) return a.sequence < b.sequence ? -1 : 1;
  return 0;
}

/** The front of `queue` whose weights fit in `budget`; the first message always fits. */
export function selectDeliveries(queue: readonly Message[], budget: bigint): readonly Message[] {
  let used = 0n;
  let count = 0;
  for (const message of queue) {
    used += messageWeight(message);
    if (count > 0 && used > budget) break;
    count += 1;
  }
  return queue.slice(0, count);
}

/** What waits for a shard on a block: `queue` is what its parent left, `emitted` what the block's chunks sent there. */
export function extendQueue(
  queue: readonly Message[],
  delivered: readonly Message[],
  emitted: readonly Message[],
): readonly Message[] {
  return [...queue.slice(delivered.length), ...[...emitted].sort(compareDeliveryOrder)];
}
