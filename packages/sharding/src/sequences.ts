import { assert, ImpossibleStateError } from '@heddle/primitives';
import type { StateReader } from '@heddle/state';
import { MESSENGER_ADDRESS, type Message, type ShardId, type UnsequencedMessage } from '@heddle/types';
import { cursorSlot, type StorageWrite, sequenceSlot } from './slots.ts';

/** Next sequence that `state` expects from each source. All zero with one shard, where nothing is read. */
export function inboundCursors(state: StateReader, shardCount: number): readonly bigint[] {
  if (shardCount === 1) return [0n];
  return Array.from({ length: shardCount }, (_, source) => state.storage(MESSENGER_ADDRESS, cursorSlot(source)));
}

/** The word that moves the inbound cursor past `message`. */
export function cursorWrite(message: Message): StorageWrite {
  return { address: MESSENGER_ADDRESS, slot: cursorSlot(message.source), value: message.sequence + 1n };
}

/**
 * Gives each emitted message its place: the next sequence of its (source, destination), in order of emission.
 * Returns one word for each destination that got a message, in shard order.
 */
export function sequence(
  state: StateReader,
  emitted: readonly UnsequencedMessage[],
  source: ShardId,
  shardCount: number,
  sourceHeight: bigint,
): { readonly outbox: readonly Message[]; readonly writes: readonly StorageWrite[] } {
  const next = new Map<ShardId, bigint>();
  const outbox = emitted.map((message): Message => {
    const { destination } = message;
    assert(destination !== source, `message ${message.id} is addressed to the shard that sends it`);
    assert(destination >= 0 && destination < shardCount, `message ${message.id} goes to shard ${destination}`);
    const position = next.get(destination) ?? state.storage(MESSENGER_ADDRESS, sequenceSlot(destination));
    next.set(destination, position + 1n);
    return { ...message, source, sourceHeight, sequence: position };
  });
  const destinations = [...next.keys()].sort((a, b) => a - b);
  const writes = destinations.map((destination) => ({
    address: MESSENGER_ADDRESS,
    slot: sequenceSlot(destination),
    value: next.get(destination) ?? impossible(destination),
  }));
  return { outbox, writes };
}

function impossible(destination: ShardId): never {
  throw new ImpossibleStateError(`no sequence for shard ${destination} though a message goes there`);
}
