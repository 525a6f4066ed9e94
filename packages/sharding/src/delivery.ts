import type { Message } from '@heddle/types';

/** Orders messages to one shard as they are delivered: (source height, source shard, sequence). */
export function compareDeliveryOrder(a: Message, b: Message): number {
  if (a.sourceHeight !== b.sourceHeight) return a.sourceHeight < b.sourceHeight ? -1 : 1;
  if (a.source !== b.source) return a.source - b.source;
  if (a.sequence !== b.sequence) return a.sequence < b.sequence ? -1 : 1;
  return 0;
}

/** What waits for a shard on a block: `queue` is what its parent left, `emitted` what the block's chunks sent there. */
export function extendQueue(
  queue: readonly Message[],
  delivered: readonly Message[],
  emitted: readonly Message[],
): readonly Message[] {
  return [...queue.slice(delivered.length), ...[...emitted].sort(compareDeliveryOrder)];
}
