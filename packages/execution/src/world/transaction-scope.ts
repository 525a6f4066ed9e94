import type { Address, Log } from '@heddle/types';
import type { AccountEntry } from './entries.ts';
import type { WordMap } from './word-map.ts';

/** What lasts for one transaction only. */
export class TransactionScope {
  /** 1, 2, …: tells whether a mark on an entry is of this transaction. */
  id = 1;
  /** EIP-2929: accounts and slots, by key, that are warm without having an entry yet. The others are marked on their entries. */
  readonly warmAccounts: Set<Address> = new Set();
  readonly warmSlots: Map<Address, WordMap<boolean>> = new Map();
  /** EIP-1153. */
  readonly transient: Map<Address, WordMap<bigint>> = new Map();
  logs: Log[] = [];
  /** Created and destroyed in this transaction (EIP-6780). */
  destroyed: AccountEntry[] = [];
  /** EIP-3529 refund counter, in gas; below 0 only while frames that earned it are not yet merged. */
  refund = 0;
  /** Wei that ceased to exist by a self-destruct whose beneficiary was the contract itself. */
  burned = 0n;

  /** Makes it the scope of the next transaction. */
  begin(): void {
    this.id++;
    if (this.warmAccounts.size > 0) this.warmAccounts.clear();
    if (this.warmSlots.size > 0) this.warmSlots.clear();
    if (this.transient.size > 0) this.transient.clear();
    if (this.logs.length > 0) this.logs = [];
    if (this.destroyed.length > 0) this.destroyed = [];
    this.refund = 0;
    this.burned = 0n;
  }
}
