import { maxCost } from '@heddle/execution';
import { assert } from '@heddle/primitives';
import type { RecoveredTransaction } from '@heddle/types';

/** A pooled transaction. */
export interface PoolEntry {
  readonly transaction: RecoveredTransaction;
  /** Order of arrival over the whole pool; breaks ties of price. */
  readonly arrival: number;
  /** Wei, see `maxCost`. */
  readonly cost: bigint;
}

export function poolEntry(transaction: RecoveredTransaction, arrival: number): PoolEntry {
  return { transaction, arrival, cost: maxCost(transaction.fields) };
}

/** One sender's transactions by nonce, at most one each. */
export class SenderQueue {
  readonly #entries = new Map<bigint, PoolEntry>();
  #cost = 0n;
  #lastNonce = -1n;

  get size(): number {
    return this.#entries.size;
  }

  /** What all transactions together may cost, wei. */
  get cost(): bigint {
    return this.#cost;
  }

  at(nonce: bigint): PoolEntry | undefined {
    return this.#entries.get(nonce);
  }

  /** In order of arrival; a replacement takes its place anew. */
  values(): Iterable<PoolEntry> {
    return this.#entries.values();
  }

  /** The entry with the highest nonce; the queue must not be empty. */
  last(): PoolEntry {
    const entry = this.#entries.get(this.#lastNonce);
    assert(entry !== undefined, 'last of an empty queue');
    return entry;
  }

  /** The first nonce from `from` on that is not here. */
  firstGap(from: bigint): bigint {
    let nonce = from;
    while (this.#entries.has(nonce)) nonce += 1n;
    return nonce;
  }

  /** Puts an entry in the place of the one with its nonce, if there is one, which is returned. */
  put(entry: PoolEntry): PoolEntry | undefined {
    const { nonce } = entry.transaction.fields;
    const replaced = this.#entries.get(nonce);
    this.#entries.delete(nonce);
    this.#entries.set(nonce, entry);
    this.#cost += entry.cost - (replaced?.cost ?? 0n);
    if (nonce > this.#lastNonce) this.#lastNonce = nonce;
    return replaced;
  }

  remove(nonce: bigint): void {
    const entry = this.#entries.get(nonce);
    assert(entry !== undefined, `no pooled transaction with nonce ${nonce}`);
    this.#entries.delete(nonce);
    this.#cost -= entry.cost;
    if (nonce === this.#lastNonce) this.#lastNonce = highest(this.#entries.keys());
  }

  /** Everything below `nonce`. */
  below(nonce: bigint): readonly PoolEntry[] {
    return [...this.#entries.values()].filter((entry) => entry.transaction.fields.nonce < nonce);
  }
}

function highest(nonces: Iterable<bigint>): bigint {
  let most = -1n;
  for (const nonce of nonces) if (nonce > most) most = nonce;
  return most;
}
