import { cursorWrite, type StorageWrite } from '@heddle/sharding';
import type { BlockAccessList, Message, ShardId } from '@heddle/types';
import type { ChunkTask } from '../chunk/chunk-run.ts';

/**
 * The front of the queue that a chunk with this access list has delivered, if the list is right. How far a chunk comes
 * hangs on what each delivery really uses, so only executing them tells; but each moves the cursor of its source at an
 * index of its own, and that is listed.
 */
export function declaredDeliveries({ context }: ChunkTask, list: BlockAccessList): readonly Message[] {
  const moved = new Map<ShardId, ReadonlySet<number>>();
  const indicesOf = (message: Message): ReadonlySet<number> => {
    const known = moved.get(message.source) ?? changedAt(list, cursorWrite(message));
    moved.set(message.source, known);
    return known;
  };
  const count = context.queue.findIndex((message, position) => !indicesOf(message).has(position + 1));
  return count === -1 ? context.queue : context.queue.slice(0, count);
}

/** The indices at which the list has a word change. */
function changedAt(list: BlockAccessList, { address, slot }: StorageWrite): ReadonlySet<number> {
  const account = list.find((access) => access.address === address);
  const change = account?.storageChanges.find((entry) => entry.slot === slot);
  return new Set(change?.changes.map(({ index }) => index));
}
