import type { ExecutedBlock } from '@heddle/node';
import type { Address } from '@heddle/types';
import type { SimulatedGenesis } from '../world/genesis.ts';

/** Every address that anything of a chain can have: of the genesis, and what its blocks have changed since. */
export class KnownAccounts {
  readonly #known: Set<Address>;

  constructor({ holders }: Pick<SimulatedGenesis, 'holders'>) {
    this.#known = new Set(holders);
  }

  /** To be told of every block once. */
  add({ shards, section }: ExecutedBlock): void {
    for (const { executed } of shards) this.#addAll(executed?.outcome.changes.accounts.keys() ?? []);
    for (const { accounts } of section?.outcome.changes ?? []) this.#addAll(accounts.keys());
  }

  all(): Iterable<Address> {
    return this.#known;
  }

  #addAll(addresses: Iterable<Address>): void {
    for (const address of addresses) this.#known.add(address);
  }
}
