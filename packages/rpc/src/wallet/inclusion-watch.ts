import type { Hash } from '@heddle/types';
import { CapacityError } from '../errors.ts';
import { MAX_AWAITED_TRANSACTIONS } from '../limits.ts';
import type { BlockTransaction, ChainEvents, ChainReader, FinalBlock } from '../ports.ts';

/** An executed transaction with its block. */
export interface Inclusion {
  readonly block: FinalBlock;
  readonly entry: BlockTransaction;
}

type Found = (inclusion: Inclusion) => void;

/** Waits for transactions to be executed. Looks at blocks only while somebody waits. */
export class InclusionWatch {
  readonly #chain: ChainReader;
  readonly #events: ChainEvents;
  readonly #waiting = new Map<Hash, Set<Found>>();
  #count = 0;
  #stopWatching: () => void = () => {};

  constructor(chain: ChainReader, events: ChainEvents) {
    this.#chain = chain;
    this.#events = events;
  }

  /**
   * The transaction's place in the chain, or null when it has none after `timeoutMs`. Rejects with the signal's reason
   * when that is aborted. Throws CapacityError when MAX_AWAITED_TRANSACTIONS are waited for.
   */
  wait(hash: Hash, timeoutMs: number, signal: AbortSignal): Promise<Inclusion | null> {
    if (this.#count >= MAX_AWAITED_TRANSACTIONS) {
      throw new CapacityError(
        `too many requests wait for a transaction (${this.#count}): use eth_sendRawTransaction and ask for the receipt`,
      );
    }
    return new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', abort);
        this.#remove(hash, found);
      };
      const found: Found = (inclusion) => {
        end();
        resolve(inclusion);
      };
      const fail = (error: unknown): void => {
        end();
        reject(error);
      };
      const abort = (): void => fail(signal.reason);
      const timer = setTimeout(() => {
        end();
        resolve(null);
      }, timeoutMs);
      // Nobody who waits keeps a process alive that is done.
      timer.unref();
      signal.addEventListener('abort', abort);
      this.#add(hash, found);
      // Behind the registration: what becomes final in between is seen one way or the other.
      this.#look(hash, found).catch(fail);
      if (signal.aborted) abort();
    });
  }

  async #look(hash: Hash, found: Found): Promise<void> {
    const located = await this.#chain.transaction(hash);
    if (located !== null && located.included !== null) found(located.included);
  }

  #add(hash: Hash, found: Found): void {
    if (this.#waiting.size === 0) this.#stopWatching = this.#events.onBlock((block) => this.#tell(block));
    const others = this.#waiting.get(hash) ?? new Set<Found>();
    this.#waiting.set(hash, others.add(found));
    this.#count += 1;
  }

  #remove(hash: Hash, found: Found): void {
    const all = this.#waiting.get(hash);
    if (all === undefined || !all.delete(found)) return;
    this.#count -= 1;
    if (all.size === 0) this.#waiting.delete(hash);
    if (this.#waiting.size === 0) this.#stopWatching();
  }

  #tell(block: FinalBlock): void {
    for (const entry of block.executed) {
      for (const found of [...(this.#waiting.get(entry.transaction.hash) ?? [])]) found({ block, entry });
    }
  }
}
