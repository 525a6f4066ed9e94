import { keccak256Hex } from '@heddle/primitives';
import type { StateReader } from '@heddle/state';
import {
  type AccountAccess,
  type Address,
  type BlockAccessList,
  EMPTY_CODE_HASH,
  EMPTY_TRIE_ROOT,
} from '@heddle/types';
import { SnapshotLimitError } from '../errors.ts';
import { CodeCollector } from './snapshot-codes.ts';
import { MAX_SEEDS, MAX_SNAPSHOT_INDEX, MAX_TABLES_BYTES } from './snapshot-limits.ts';
import {
  BALANCE,
  CODE,
  DECLARED,
  EXISTS,
  HAS_STORAGE,
  NONCE,
  NONE,
  SnapshotTables,
  type TablesShape,
  tablesBytes,
} from './snapshot-tables.ts';

/**
 * A snapshot as plain data. In shared memory it crosses threads without a copy; all may read, and `marks` is all that is
 * written, always the same value to the same byte.
 */
export interface SnapshotBuffers {
  /** Room in the tables. */
  readonly shape: TablesShape;
  readonly tables: ArrayBufferLike;
  readonly codes: ArrayBufferLike;
  /** One byte an account, then one a slot: 1 once an index has touched it. */
  readonly marks: ArrayBufferLike;
  /** Accounts and slots in the tables. */
  readonly accounts: number;
  readonly slots: number;
}

/** Keys that a snapshot is to have beside those of its access list. */
export interface WantedKeys {
  readonly address: Address;
  readonly slots: readonly bigint[];
}

/**
 * A snapshot of `state` with every account and slot of `list` (declared, with their changes) and of `wanted` (readable).
 * `allocate` gives memory that is 0, shared if the snapshot goes to other threads. Throws `SnapshotLimitError` for what
 * a snapshot is not made for; that says nothing about the chunk.
 */
export function buildSnapshot(
  state: StateReader,
  wanted: Iterable<WantedKeys>,
  list: BlockAccessList | null,
  allocate: (bytes: number) => ArrayBufferLike,
): SnapshotBuffers {
  const keys = [...wanted];
  const declared = list ?? [];
  for (let seed = 1; seed <= MAX_SEEDS; seed++) {
    const shape = measure(keys, declared, seed);
    const bytes = tablesBytes(shape);
    if (bytes > MAX_TABLES_BYTES) throw new SnapshotLimitError(`its tables take ${bytes} bytes of ${MAX_TABLES_BYTES}`);
    const buffer = allocate(bytes);
    const builder = new Builder(state, new SnapshotTables(buffer, shape));
    if (!declared.every((access) => builder.declare(access)) || !keys.every((key) => builder.want(key))) continue;
    return {
      shape,
      tables: buffer,
      codes: builder.codes.write(allocate),
      marks: allocate(builder.tables.accountCount + builder.tables.slotCount),
      accounts: builder.tables.accountCount,
      slots: builder.tables.slotCount,
    };
  }
  throw new SnapshotLimitError(`its keys crowd together under ${MAX_SEEDS} hash functions`);
}

/** Room for everything, were no key named twice. */
function measure(wanted: readonly WantedKeys[], list: BlockAccessList, seed: number): TablesShape {
  let slots = 0;
  let changes = 0;
  let highest = 0;
  for (const keys of wanted) slots += keys.slots.length;
  for (const account of list) {
    const { storageChanges, storageReads, balanceChanges, nonceChanges, codeChanges } = account;
    slots += storageChanges.length + storageReads.length;
    changes += balanceChanges.length + nonceChanges.length + codeChanges.length;
    highest = Math.max(highest, lastIndex(balanceChanges), lastIndex(nonceChanges), lastIndex(codeChanges));
    for (const slot of storageChanges) {
      changes += slot.changes.length;
      highest = Math.max(highest, lastIndex(slot.changes));
    }
  }
  if (highest > MAX_SNAPSHOT_INDEX) throw new SnapshotLimitError(`it has an index of ${highest}`);
  return { accounts: wanted.length + list.length, slots, changes, indices: highest + 1, seed };
}

function lastIndex(changes: readonly { readonly index: number }[]): number {
  return changes.at(-1)?.index ?? 0;
}

/** Fills the tables. What it is asked to add is added, unless a hash table is too crowded: then it says false. */
class Builder {
  readonly tables: SnapshotTables;
  readonly codes: CodeCollector = new CodeCollector();
  readonly #state: StateReader;

  constructor(state: StateReader, tables: SnapshotTables) {
    this.#state = state;
    this.tables = tables;
  }

  /** An account of the access list. Each comes once, before all that is wanted. */
  declare(access: AccountAccess): boolean {
    const { tables } = this;
    const account = this.#addAccount(access.address, DECLARED);
    if (account === NONE) return false;
    tables.beginAccountChanges(account, BALANCE);
    for (const { index, balance } of access.balanceChanges) tables.addChange(index, balance);
    tables.beginAccountChanges(account, NONCE);
    for (const { index, nonce } of access.nonceChanges) tables.addChange(index, nonce);
    tables.beginAccountChanges(account, CODE);
    for (const { index, code } of access.codeChanges) {
      tables.addChange(index, BigInt(this.codes.addListed(keccak256Hex(code), code)));
    }
    tables.endAccountChanges(account);
    for (const { slot, changes } of access.storageChanges) {
      const number = this.#addSlot(access.address, account, slot, DECLARED);
      if (number === NONE) return false;
      tables.beginSlotChanges(number);
      for (const { index, value } of changes) tables.addChange(index, value);
      tables.endSlotChanges(number);
    }
    return access.storageReads.every((slot) => this.#addSlot(access.address, account, slot, DECLARED) !== NONE);
  }

  /** Keys that are only to be readable; some may be there already. */
  want({ address, slots }: WantedKeys): boolean {
    const account = this.#addAccount(address, 0);
    return account !== NONE && slots.every((slot) => this.#addSlot(address, account, slot, 0) !== NONE);
  }

  #addAccount(address: Address, flags: number): number {
    const { tables } = this;
    const before = tables.accountCount;
    const number = tables.addAccount(address);
    if (tables.accountCount === before) return number;
    const account = this.#state.account(address);
    if (account === null) {
      tables.setAccount(number, flags, 0, 0n, 0n);
      return number;
    }
    const storage = account.storageRoot === EMPTY_TRIE_ROOT ? 0 : HAS_STORAGE;
    const code = account.codeHash === EMPTY_CODE_HASH ? 0 : this.codes.addStored(account.codeHash, this.#state);
    tables.setAccount(number, flags | EXISTS | storage, code, account.nonce, account.balance);
    return number;
  }

  #addSlot(address: Address, account: number, slot: bigint, flags: number): number {
    const { tables } = this;
    const before = tables.slotCount;
    const number = tables.addSlot(account, slot);
    if (tables.slotCount !== before) tables.setSlot(number, flags, this.#state.storage(address, slot));
    return number;
  }
}
