import type { Address, Log } from '@heddle/types';
import type { AccountEntry } from './entries.ts';

/** What lasts for one transaction only. */
export class TransactionScope {
  /** 1, 2, …: tells whether a mark on an entry is of this transaction. */
  readonly id: number;
  /** EIP-2929. */
  readonly warmAddresses: Set<Address> = new Set();
  readonly warmSlots: Map<Address, Set<bigint>> = new Map();
  /** EIP-1153. */
  readonly transient: Map<Address, Map<bigint, bigint>> = new Map();
  readonly logs: Log[] = [];
  /** Created and destroyed in this transaction (EIP-6780). */
  readonly destroyed: AccountEntry[] = [];
  /** EIP-3529 refund counter, in gas; below 0 only while frames that earned it are not yet merged. */
  refund = 0;
  /** Wei that ceased to exist by a self-destruct whose beneficiary was the contract itself. */
  burned = 0n;

  constructor(id: number) {
    this.id = id;
  }
}
