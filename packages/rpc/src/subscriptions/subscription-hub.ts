import type { Hex } from '@heddle/primitives';
import type { RecoveredTransaction } from '@heddle/types';
import { CapacityError } from '../errors.ts';
import { createId } from '../filters/filter-store.ts';
import { formatHeader } from '../format/block.ts';
import { formatPendingTransaction } from '../format/transaction.ts';
import { MAX_SUBSCRIPTIONS, MAX_SUBSCRIPTIONS_PER_CONNECTION } from '../limits.ts';
import type { LogCriteria } from '../logs/criteria.ts';
import type { LogTexts } from '../logs/log-texts.ts';
import { logsOfBlock } from '../logs/scan.ts';
import type { FinalBlock } from '../ports.ts';
import { SerialQueue } from '../serial-queue.ts';
import { createSlicer } from '../slices.ts';
import type { SubscriptionSink } from './sink.ts';

/** What a client can subscribe to. */
export type Topic =
  | { readonly kind: 'newHeads' }
  | { readonly kind: 'logs'; readonly criteria: LogCriteria }
  | { readonly kind: 'newPendingTransactions'; readonly hydrated: boolean };

interface Subscription {
  readonly id: Hex;
  readonly topic: Topic;
  readonly sink: SubscriptionSink;
  /** False until the client has been told the id. */
  live: boolean;
}

/** Every subscription of every connection, and the pushing to them. */
export class SubscriptionHub {
  readonly #subscriptions = new Map<Hex, Subscription>();
  readonly #bySink = new Map<SubscriptionSink, Set<Hex>>();
  readonly #pushes = new SerialQueue<'push'>();
  readonly #logTexts: LogTexts;

  constructor(logTexts: LogTexts) {
    this.#logTexts = logTexts;
  }

  get size(): number {
    return this.#subscriptions.size;
  }

  /** Pushes nothing before `activate`. Throws CapacityError at a cap. */
  add(sink: SubscriptionSink, topic: Topic): Hex {
    const own = this.#bySink.get(sink) ?? new Set<Hex>();
    if (own.size >= MAX_SUBSCRIPTIONS_PER_CONNECTION) {
      throw new CapacityError(
        `too many subscriptions: a connection has at most ${MAX_SUBSCRIPTIONS_PER_CONNECTION}; unsubscribe from some`,
      );
    }
    if (this.#subscriptions.size >= MAX_SUBSCRIPTIONS) {
      throw new CapacityError(`too many subscriptions: this node serves at most ${MAX_SUBSCRIPTIONS} in all`);
    }
    const id = createId();
    this.#subscriptions.set(id, { id, topic, sink, live: false });
    this.#bySink.set(sink, own.add(id));
    return id;
  }

  /** From now on the subscriber is told what happens. */
  activate(id: Hex): void {
    const subscription = this.#subscriptions.get(id);
    if (subscription !== undefined) subscription.live = true;
  }

  /** Removes one of the connection's own. False when there is none of that id. */
  remove(sink: SubscriptionSink, id: Hex): boolean {
    const own = this.#bySink.get(sink);
    if (own === undefined || !own.delete(id)) return false;
    if (own.size === 0) this.#bySink.delete(sink);
    return this.#subscriptions.delete(id);
  }

  /** Forgets a connection. */
  removeSink(sink: SubscriptionSink): void {
    for (const id of this.#bySink.get(sink) ?? []) this.#subscriptions.delete(id);
    this.#bySink.delete(sink);
  }

  /** Call it once the block can be queried. */
  pushBlock(block: FinalBlock): void {
    let head: string | null = null;
    this.#enqueue(({ id, topic, sink }) => {
      if (topic.kind === 'newHeads') {
        head ??= JSON.stringify(formatHeader(block));
        push(sink, id, head);
      } else if (topic.kind === 'logs') {
        for (const log of logsOfBlock(block, topic.criteria, this.#logTexts)) push(sink, id, log);
      }
    });
  }

  pushPendingTransaction(transaction: RecoveredTransaction): void {
    let whole: string | null = null;
    this.#enqueue(({ id, topic, sink }) => {
      if (topic.kind !== 'newPendingTransactions') return;
      if (topic.hydrated) whole ??= JSON.stringify(formatPendingTransaction(transaction));
      push(sink, id, topic.hydrated && whole !== null ? whole : `"${transaction.hash}"`);
    });
  }

  /** One event after the other, each in slices: thousands of subscribers must not stall the node. */
  #enqueue(tell: (subscription: Subscription) => void): void {
    const receivers = [...this.#subscriptions.values()].filter(({ live }) => live);
    if (receivers.length === 0) return;
    void this.#pushes.run('push', async () => {
      const slice = createSlicer();
      for (const subscription of receivers) {
        // It may have ended while others were told.
        if (this.#subscriptions.has(subscription.id)) tell(subscription);
        await slice();
      }
    });
  }
}

function push(sink: SubscriptionSink, id: Hex, result: string): void {
  sink.notify(`{"jsonrpc":"2.0","method":"eth_subscription","params":{"subscription":"${id}","result":${result}}}`);
}
