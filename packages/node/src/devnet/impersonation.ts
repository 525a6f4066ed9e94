import { AccountNotImpersonableError, type ImpersonatedAccounts, TooManyImpersonatedError } from '@heddle/rpc';
import { WHOLE_REPLICAS } from '@heddle/sharding';
import type { Address } from '@heddle/types';
import { MAX_IMPERSONATED_ACCOUNTS } from '../limits.ts';

/** Whom this process sends for without a key. Nothing of it is on disk or on the chain: the next start knows nobody. */
export class Impersonation implements ImpersonatedAccounts {
  readonly #added = new Set<Address>();
  #all = false;

  has(address: Address): boolean {
    return this.#added.has(address) || (this.#all && !WHOLE_REPLICAS.has(address));
  }

  addresses(): readonly Address[] {
    return [...this.#added];
  }

  add(address: Address): boolean {
    // Every shard has an account of its own there: it is nobody's sender.
    if (WHOLE_REPLICAS.has(address)) throw new AccountNotImpersonableError(address);
    if (this.#added.has(address)) return false;
    if (this.#added.size >= MAX_IMPERSONATED_ACCOUNTS) throw new TooManyImpersonatedError(MAX_IMPERSONATED_ACCOUNTS);
    this.#added.add(address);
    return true;
  }

  remove(address: Address): boolean {
    return this.#added.delete(address);
  }

  setAll(isOn: boolean): void {
    this.#all = isOn;
  }
}
