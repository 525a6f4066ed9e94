import type { AddResult } from '@heddle/mempool';
import type { PeerId } from '@heddle/network';
import type { Cancel } from '@heddle/runtime';
import type { PoolJournal } from '@heddle/storage';
import { type Hash, InvalidTransactionEncodingError, isImpersonated, type RecoveredTransaction } from '@heddle/types';
import { decodeReceived, recoverReceived } from '../chain/transaction-memory.ts';
import type { WorkMonitor } from '../consensus/work-monitor.ts';
import { MAX_READ_TRANSACTIONS, MAX_REBROADCAST_BYTES, REBROADCAST_MS } from '../limits.ts';
import type { Logger } from '../logger.ts';
import type { Telling } from '../parts/events.ts';
import type { Foundation } from '../parts/foundation.ts';
import { UnreadTransactions } from './unread-transactions.ts';

type Parts = Pick<Foundation, 'pool' | 'link' | 'scheduler' | 'log'> &
  Telling<'transactionPooled' | 'fatal'> & {
    readonly storage: { readonly pool: Pick<PoolJournal, 'load' | 'append'> };
    readonly work: Pick<WorkMonitor, 'refresh'>;
  };

/**
 * Transactions between the pool and the peers. What came in here is sent again until it is final: a peer may be down.
 * Impersonated ones are never sent, nor taken from a peer: only this process's own word says that they may be.
 */
export class TransactionGossip {
  readonly #parts: Parts;
  readonly #log: Logger;
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

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#log = parts.log.child('gossip');
  }

  /** From a user of this node. */
  submit(transaction: RecoveredTransaction): AddResult {
    const added = this.#parts.pool.add(transaction);
    if (!added.ok) return added;
    this.#own.add(transaction.hash);
    this.#kept = this.#keep(transaction);
    if (!isImpersonated(transaction)) {
      this.#sendSoon(transaction);
      this.#armTimer();
    }
    this.#parts.events.transactionPooled(transaction);
    this.#parts.work.refresh();
    return added;
  }

  /** What users gave to an earlier run of this node, in that order. What has been executed since is not wanted any more. */
  restore(): void {
    for (const raw of this.#parts.storage.pool.load()) {
      const transaction = this.#decode(raw);
      if (transaction !== null && this.#parts.pool.add(transaction).ok) this.#own.add(transaction.hash);
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

  /** Resolves when a kill of this process does not lose it. */
  #keep({ raw }: RecoveredTransaction): Promise<void> {
    const { storage, events } = this.#parts;
    const kept = storage.pool.append(raw, () => this.#waiting().map((waiting) => waiting.raw));
    kept.catch((error: unknown) => events.fatal(error));
    return kept;
  }

  #read(): void {
    let changed = false;
    for (const raw of this.#unread.take(MAX_READ_TRANSACTIONS)) {
      const transaction = this.#decodeOfPeer(raw);
      if (transaction === null || !this.#parts.pool.add(transaction).ok) continue;
      changed = true;
      this.#parts.events.transactionPooled(transaction);
    }
    if (changed) this.#parts.work.refresh();
    if (!this.#unread.isEmpty) this.#parts.scheduler.soon(() => this.#read());
  }

  #drop(from: PeerId): void {
    this.#dropped += 1;
    if (!Number.isInteger(Math.log2(this.#dropped))) return;
    this.#log.warn('transactions of a peer dropped', { from, messages: this.#dropped });
  }

  #decodeOfPeer(raw: Uint8Array): RecoveredTransaction | null {
    const transaction = this.#decode(raw);
    return transaction === null || isImpersonated(transaction) ? null : transaction;
  }

  #decode(raw: Uint8Array): RecoveredTransaction | null {
    try {
      const signed = decodeReceived(raw);
      // Recovering a sender costs more than everything else here.
      return this.#parts.pool.get(signed.hash) === undefined ? recoverReceived(signed) : null;
    } catch (error) {
      if (error instanceof InvalidTransactionEncodingError) return null;
      throw error;
    }
  }

  /** Transactions of one turn travel together. */
  #sendSoon(transaction: RecoveredTransaction): void {
    this.#unsent.push(transaction);
    if (this.#unsent.length > 1) return;
    this.#parts.scheduler.soon(() => {
      const unsent = this.#unsent;
      this.#unsent = [];
      this.#parts.link.gossipTransactions(unsent);
    });
  }

  /** Runs only while own transactions wait. */
  #armTimer(): void {
    if (this.#timer !== null) return;
    this.#timer = this.#parts.scheduler.after(REBROADCAST_MS, () => {
      this.#timer = null;
      const waiting = this.#nextToRepeat();
      if (waiting.length === 0) return;
      this.#parts.link.gossipTransactions(waiting);
      this.#armTimer();
    });
  }

  /** Those whose turn it is: a pool may hold more than is worth sending at once. */
  #nextToRepeat(): readonly RecoveredTransaction[] {
    const turn: RecoveredTransaction[] = [];
    let bytes = 0;
    for (const transaction of this.#waiting()) {
      if (isImpersonated(transaction)) continue;
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
      const pooled = this.#parts.pool.get(hash);
      if (pooled === undefined) this.#own.delete(hash);
      else waiting.push(pooled);
    }
    return waiting;
  }
}
