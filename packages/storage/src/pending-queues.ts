import { assert } from '@heddle/primitives';
import { compareDeliveryOrder, extendQueue } from '@heddle/sharding';
import type { Message, ShardId } from '@heddle/types';

const identity = (message: Message): string => `${message.source}:${message.sequence}`;

/** Undelivered messages of every shard at the head, in memory, in delivery order. */
export class PendingQueues {
  readonly #queues: (readonly Message[])[];

  constructor(shardCount: number) {
    this.#queues = Array.from({ length: shardCount }, () => []);
  }

  of(shard: ShardId): readonly Message[] {
    const queue = this.#queues[shard];
    assert(queue !== undefined, `shard ${shard} exists`);
    return queue;
  }

  /** Whether `delivered` is the front of what waits for `shard`. */
  hasFront(shard: ShardId, delivered: readonly Message[]): boolean {
    const waiting = this.of(shard);
    return delivered.every((message, position) => {
      const next = waiting[position];
      return next !== undefined && identity(next) === identity(message);
    });
  }

  /** Takes out what was delivered, the front, and adds what was emitted. */
  apply(delivered: readonly Message[], emitted: readonly Message[]): void {
    const gone = Map.groupBy(delivered, (message) => message.destination);
    const sent = Map.groupBy(emitted, (message) => message.destination);
    for (const shard of new Set([...gone.keys(), ...sent.keys()])) {
      const before = this.of(shard);
      const queue = extendQueue(before, gone.get(shard) ?? [], sent.get(shard) ?? []);
      assertOrder(before.at(-1), sent.get(shard)?.[0]);
      this.#queues[shard] = queue;
    }
  }
}

function assertOrder(before: Message | undefined, after: Message | undefined): void {
  if (before === undefined || after === undefined) return;
  assert(compareDeliveryOrder(before, after) < 0, 'messages are committed in the order of their emission');
}
