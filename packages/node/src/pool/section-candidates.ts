import type { CandidateAccounts, TransactionPool } from '@heddle/mempool';
import { BoundedCache } from '@heddle/primitives';
import { home, rememberPlaces, residenceAmong } from '@heddle/sharding';
import type { StateReader } from '@heddle/state';
import type { Address, RecoveredTransaction } from '@heddle/types';
import { OVERDUE_HEIGHTS, REMEMBERED_LEFT_TRANSACTIONS } from '../limits.ts';
import type { Routes, RouteView } from './routes.ts';

/** Where a section stands. */
export interface SectionPlace {
  readonly height: bigint;
  /** What the chunks of the same block stood on: it decides the ways. */
  readonly view: RouteView;
  /** After these chunks, by shard: what they have executed is done. */
  readonly after: readonly StateReader[];
}

/**
 * What a leader offers to its sections: what goes that way, what its sender sent behind that, and what its home's chunks
 * have left lying for too long.
 */
export class SectionCandidates {
  readonly #pool: Pick<TransactionPool, 'candidates'>;
  readonly #routes: Routes;
  /** The height at which a local transaction was first left to the chunks. */
  readonly #leftAt = new BoundedCache<bigint>(REMEMBERED_LEFT_TRANSACTIONS);

  constructor({ pool, routes }: { readonly pool: Pick<TransactionPool, 'candidates'>; readonly routes: Routes }) {
    this.#pool = pool;
    this.#routes = routes;
  }

  of({ height, view, after }: SectionPlace): Iterable<RecoveredTransaction> {
    // What a sender sent behind it has no chunk left in this block: it may follow, local or not.
    const begun = new Set<Address>();
    const takes = (transaction: RecoveredTransaction): boolean => {
      const { sender } = transaction;
      const goes = begun.has(sender) || this.#goes(transaction, view, height);
      if (goes) begun.add(sender);
      return goes;
    };
    return this.#pool.candidates({ mine: () => true, baseFee: view.sectionBaseFee, takes }, accountsAfter(after));
  }

  #goes(transaction: RecoveredTransaction, view: RouteView, height: bigint): boolean {
    return this.#routes.routeOf(transaction, view) === 'section' || this.#isOverdue(transaction, height);
  }

  #isOverdue({ hash }: RecoveredTransaction, height: bigint): boolean {
    const leftAt = this.#leftAt.get(hash);
    if (leftAt === undefined) this.#leftAt.set(hash, height);
    return leftAt !== undefined && height >= leftAt + OVERDUE_HEIGHTS;
  }
}

/** The pool's senders by the states of all shards, in shard order. */
export function accountsAfter(states: readonly StateReader[]): CandidateAccounts {
  const placeOf = rememberPlaces(states.length);
  const account = (address: Address): ReturnType<StateReader['account']> =>
    states[home(address, states.length)]?.account(address) ??
    // A contract that resides away from its home may be impersonated.
    states[residenceAmong(states, address, placeOf)]?.account(address) ??
    null;
  return {
    nonce: (address) => account(address)?.nonce ?? 0n,
    balance: (address) => account(address)?.balance ?? 0n,
  };
}
