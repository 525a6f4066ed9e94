import { assert } from '@heddle/primitives';
import type { Message, ShardId } from '@heddle/types';

function isBefore(first: Message, second: Message): boolean {
  if (first.sourceHeight !== second.sourceHeight) return first.sourceHeight < second.sourceHeight;
  if (first.source !== second.source) return first.source < second.source;
  return first.sequence < second.sequence;
}

const identity = (message: Message): string => `${message.source}:${message.sequence}`;

/** Undelivered messages of every shard at the head, in memory, in delivery order (height, source shard, sequence). */
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

  /** Whether every message of `delivered` waits for `shard`. */
  hasAll(shard: ShardId, delivered: readonly Message[]): boolean {
    if (delivered.length === 0) return true;
    const waiting = new Set(this.of(shard).map(identity));
    return delivered.every((message) => waiting.has(identity(message)));
  }

  /** Takes out what was delivered and adds what was emitted (per destination in order of emission). */
  apply(delivered: readonly Message[], emitted: readonly Message[]): void {
    const gone = Map.groupBy(delivered, (message) => message.destination);
    for (const [shard, messages] of gone) {
      const identities = new Set(messages.map(identity));
      this.#queues[shard] = this.of(shard).filter((message) => !identities.has(identity(message)));
    }
    for (const [shard, messages] of Map.groupBy(emitted, (message) => message.destination)) {
      const queue = [...this.of(shard), ...messages];
      for (let i = queue.length - messages.length; i < queue.length; i++) assertOrder(queue[i - 1], queue[i]);
      this.#queues[shard] = queue;
    }
  }
}

function assertOrder(before: Message | undefined, after: Message | undefined): void {
  if (before === undefined || after === undefined) return;
  assert(isBefore(before, after), 'messages are committed in the order of their emission');
}
