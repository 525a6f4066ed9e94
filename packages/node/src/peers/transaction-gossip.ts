import type { AddResult, TransactionPool } from '@heddle/mempool';
import type { PeerId } from '@heddle/network';
import type { Cancel, Scheduler } from '@heddle/runtime';
import { type Hash, InvalidTransactionEncodingError, type RecoveredTransaction } from '@heddle/types';
import { decodeReceived, recoverReceived } from '../chain/transaction-memory.ts';
import { MAX_READ_TRANSACTIONS, MAX_REBROADCAST_BYTES, REBROADCAST_MS } from '../limits.ts';
import type { Logger } from '../logger.ts';
import type { PeerLink } from './peer-link.ts';
import { UnreadTransactions } from './unread-transactions.ts';

export interface TransactionGossipPorts {
  readonly pool: TransactionPool;
  readonly link: PeerLink;
  readonly scheduler: Scheduler;
  readonly log: Logger;
  /** Resolves when a kill of this process does not lose it; `waiting` names all that are still needed. */
  keep(raw: Uint8Array, waiting: () => readonly Uint8Array[]): Promise<void>;
  /** The pool has changed. */
  changed(): void;
  /** A transaction is new in the pool. */
  added(transaction: RecoveredTransaction): void;
}

/** Transactions between the pool and the peers. What came in here is sent again until it is final: a peer may be down. */
export class TransactionGossip {
  readonly #ports: TransactionGossipPorts;
  /** Hashes of pooled transactions that users gave to this node. */
  readonly #own = new Set<Hash>();
  /** Given to this node in the current turn of the event loop and not sent yet. */
  #unsent: RecoveredTransaction[] = [];
  readonly #unread = new UnreadTransactions();
  #timer: Cancel | null = null;
  /** Messages of peers that came too fast. */
  #dropped = 0;
  #kept: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(ports: TransactionGossipPorts) {
    this.#ports = ports;
  }

  /** From a user of this node. */
  submit(transaction: RecoveredTransaction): AddResult {
    const added = this.#ports.pool.add(transaction);
    if (!added.ok) return added;
    this.#own.add(transaction.hash);
    this.#kept = this.#ports.keep(transaction.raw, () => this.#waiting().map(({ raw }) => raw));
    this.#sendSoon(transaction);
    this.#armTimer();
    this.#ports.added(transaction);
    this.#ports.changed();
    return added;
  }

  /** What users gave to an earlier run of this node, in that order. What has been executed since is not wanted any more. */
  restore(raws: readonly Uint8Array[]): void {
    for (const raw of raws) {
      const transaction = this.#decode(raw);
      if (transaction !== null && this.#ports.pool.add(transaction).ok) this.#own.add(transaction.hash);
    }
    if (this.#own.size > 0) this.#armTimer();
  }

  /** Resolves when a kill of this process loses nothing that was submitted before. */
  kept(): Promise<void> {
    return this.#kept;
  }

  /** Messages of peers that were not read: they had too much waiting. */
  get dropped(): number {
    return this.#dropped;
  }

  /**
   * From a peer: what does not decode or is not wanted is dropped. Some are read at once, the rest in later turns of the
   * event loop; resolves when all are.
   */
  receive(raws: readonly Uint8Array[], from: PeerId): Promise<void> {
    return new Promise((resolve) => {
      if (this.#stopped) return resolve();
      const isReading = !this.#unread.isEmpty;
      if (!this.#unread.add(from, raws, resolve)) {
        this.#drop(from);
        return resolve();
      }
      if (!isReading) this.#read();
    });
  }

  stop(): void {
    this.#stopped = true;
    this.#unread.clear();
    this.#timer?.();
    this.#timer = null;
  }

  #read(): void {
    let changed = false;
    for (const raw of this.#unread.take(MAX_READ_TRANSACTIONS)) {
      const transaction = this.#decode(raw);
      if (transaction === null || !this.#ports.pool.add(transaction).ok) continue;
      changed = true;
      this.#ports.added(transaction);
    }
    if (changed) this.#ports.changed();
    if (!this.#unread.isEmpty) this.#ports.scheduler.soon(() => this.#read());
  }

  #drop(from: PeerId): void {
    this.#dropped += 1;
    if (!Number.isInteger(Math.log2(this.#dropped))) return;
    this.#ports.log.warn('transactions of a peer dropped', { from, messages: this.#dropped });
  }

  #decode(raw: Uint8Array): RecoveredTransaction | null {
    try {
      const signed = decodeReceived(raw);
      // Recovering a sender costs more than everything else here.
      return this.#ports.pool.get(signed.hash) === undefined ? recoverReceived(signed) : null;
    } catch (error) {
      if (error instanceof InvalidTransactionEncodingError) return null;
      throw error;
    }
  }

  /** Transactions of one turn travel together. */
  #sendSoon(transaction: RecoveredTransaction): void {
    this.#unsent.push(transaction);
    if (this.#unsent.length > 1) return;
    this.#ports.scheduler.soon(() => {
      const unsent = this.#unsent;
      this.#unsent = [];
      this.#ports.link.gossipTransactions(unsent);
    });
  }

  /** Runs only while own transactions wait. */
  #armTimer(): void {
    if (this.#timer !== null) return;
    this.#timer = this.#ports.scheduler.after(REBROADCAST_MS, () => {
      this.#timer = null;
      const waiting = this.#nextToRepeat();
      if (waiting.length === 0) return;
      this.#ports.link.gossipTransactions(waiting);
      this.#armTimer();
    });
  }

  /** Those whose turn it is: a pool may hold more than is worth sending at once. */
  #nextToRepeat(): readonly RecoveredTransaction[] {
    const turn: RecoveredTransaction[] = [];
    let bytes = 0;
    for (const transaction of this.#waiting()) {
      if (bytes >= MAX_REBROADCAST_BYTES) break;
      turn.push(transaction);
      bytes += transaction.raw.length;
    }
    // To the end of the line, in this order.
    for (const { hash } of turn) this.#own.delete(hash);
    for (const { hash } of turn) this.#own.add(hash);
    return turn;
  }

  /** Own transactions that are still pooled. */
  #waiting(): readonly RecoveredTransaction[] {
    const waiting: RecoveredTransaction[] = [];
    for (const hash of this.#own) {
      const pooled = this.#ports.pool.get(hash);
      if (pooled === undefined) this.#own.delete(hash);
      else waiting.push(pooled);
    }
    return waiting;
  }
}
