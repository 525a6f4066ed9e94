import type { Account, StateReader } from '@heddle/state';
import { type Address, EMPTY_CODE_HASH, EMPTY_TRIE_ROOT, type Hash, ZERO_HASH } from '@heddle/types';
import { SnapshotMissError } from '../errors.ts';
import type { AccountEntry, SlotEntry } from '../world/entries.ts';
import type { World } from '../world/world.ts';
import type { SnapshotBuffers } from './snapshot-build.ts';
import { SnapshotCodes } from './snapshot-codes.ts';
import {
  BALANCE,
  type ChangeKind,
  CODE,
  DECLARED,
  EXISTS,
  HAS_STORAGE,
  NONCE,
  NONE,
  SnapshotTables,
} from './snapshot-tables.ts';

/**
 * Only whether it is empty is ever asked (EIP-7610): this stands for any root of storage that is not, and is the hash of
 * nothing.
 */
const SOME_STORAGE_ROOT: Hash = ZERO_HASH;

/** Part of a parent state with the changes of an access list: what each index of a chunk sees. */
export class Snapshot {
  readonly #tables: SnapshotTables;
  readonly #codes: SnapshotCodes;
  readonly #marks: Uint8Array;
  readonly #accounts: number;
  readonly #slots: number;

  constructor(buffers: SnapshotBuffers) {
    this.#tables = new SnapshotTables(buffers.tables, buffers.shape);
    this.#codes = new SnapshotCodes(buffers.codes);
    this.#marks = new Uint8Array(buffers.marks);
    this.#accounts = buffers.accounts;
    this.#slots = buffers.slots;
  }

  /**
   * State before `index`: of each value the last change with a smaller index, else the parent's. Reads throw
   * `SnapshotMissError` for what the snapshot lacks.
   */
  at(index: number): StateReader {
    return new IndexReader(this.#tables, this.#codes, index);
  }

  /**
   * Compares what one index did with the list: null, or how they differ. `world` was opened on `at(index)` and has done
   * all of the index, and nothing else. Marks what was touched.
   */
  check(world: World, index: number): string | null {
    let changes = 0;
    for (const entry of world.touchedAccounts()) {
      const account = this.#tables.findAccount(entry.address);
      if (account === NONE || (this.#tables.accountFlags(account) & DECLARED) === 0) {
        return `${entry.address} is touched at index ${index} and not listed`;
      }
      this.#mark(account);
      const field = this.#differingField(account, entry, index);
      if (field !== null) return `${field} of ${entry.address} at index ${index} is not as listed`;
      if (entry.balance !== entry.recordedBalance) changes += 1;
      if (entry.nonce !== entry.recordedNonce) changes += 1;
      if (entry.codeHash !== entry.recordedCodeHash) changes += 1;
      for (const slot of entry.touchedSlots) {
        const difference = this.#checkSlot(account, slot, index);
        if (difference !== null) return `slot ${slot.slot} of ${entry.address} at index ${index} ${difference}`;
        if (slot.value !== slot.recorded) changes += 1;
      }
    }
    const listed = this.#tables.changesAt(index);
    return listed === changes ? null : `${listed} changes are listed at index ${index}, and ${changes} were made`;
  }

  /** The first declared account or slot that no index has touched; null when all were. For the end of the chunk. */
  untouched(): string | null {
    const tables = this.#tables;
    for (let account = 0; account < this.#accounts; account++) {
      const isDeclared = (tables.accountFlags(account) & DECLARED) !== 0;
      if (isDeclared && this.#marks[account] === 0) return tables.accountAddress(account);
    }
    for (let slot = 0; slot < this.#slots; slot++) {
      if ((tables.slotFlags(slot) & DECLARED) === 0 || this.#marks[this.#accounts + slot] !== 0) continue;
      const key = tables.slotKey(slot);
      return `slot ${key.slot} of ${tables.accountAddress(key.account)}`;
    }
    return null;
  }

  /** What changed is listed, with its value. Whether the list has more, its count tells. */
  #differingField(account: number, entry: AccountEntry, index: number): string | null {
    const { balance, nonce, codeHash } = entry;
    if (balance !== entry.recordedBalance && this.#listedValue(account, BALANCE, index) !== balance)
      return 'the balance';
    if (nonce !== entry.recordedNonce && this.#listedValue(account, NONCE, index) !== nonce) return 'the nonce';
    if (codeHash === entry.recordedCodeHash) return null;
    const code = this.#listedValue(account, CODE, index);
    return code !== null && this.#codes.hash(Number(code)) === codeHash ? null : 'the code';
  }

  #listedValue(account: number, kind: ChangeKind, index: number): bigint | null {
    const change = this.#tables.accountChangeAt(account, kind, index);
    return change === NONE ? null : this.#tables.changeValue(change);
  }

  #checkSlot(account: number, entry: SlotEntry, index: number): string | null {
    const tables = this.#tables;
    const slot = tables.findSlot(account, entry.slot);
    if (slot === NONE || (tables.slotFlags(slot) & DECLARED) === 0) return 'is touched and not listed';
    this.#mark(this.#accounts + slot);
    if (entry.value === entry.recorded) return null;
    const change = tables.slotChangeAt(slot, index);
    return change !== NONE && tables.changeValue(change) === entry.value ? null : 'is not as listed';
  }

  /** Looks first: most are marked already, and a write would take the memory from the other threads' caches. */
  #mark(at: number): void {
    if (this.#marks[at] === 0) this.#marks[at] = 1;
  }
}

/** What one index sees. */
class IndexReader implements StateReader {
  readonly #tables: SnapshotTables;
  readonly #codes: SnapshotCodes;
  readonly #index: number;

  constructor(tables: SnapshotTables, codes: SnapshotCodes, index: number) {
    this.#tables = tables;
    this.#codes = codes;
    this.#index = index;
  }

  account(address: Address): Account | null {
    const tables = this.#tables;
    const index = this.#index;
    const account = tables.findAccount(address);
    if (account === NONE) throw new SnapshotMissError(address);
    const flags = tables.accountFlags(account);
    const storageRoot = (flags & HAS_STORAGE) === 0 ? EMPTY_TRIE_ROOT : SOME_STORAGE_ROOT;
    const balanceChange = tables.lastAccountChange(account, BALANCE, index);
    const nonceChange = tables.lastAccountChange(account, NONCE, index);
    const codeChange = tables.lastAccountChange(account, CODE, index);
    const isChanged = balanceChange !== NONE || nonceChange !== NONE || codeChange !== NONE;
    if (!isChanged && (flags & EXISTS) === 0) return null;
    const balance = balanceChange === NONE ? tables.accountBalance(account) : tables.changeValue(balanceChange);
    const nonce = nonceChange === NONE ? tables.accountNonce(account) : tables.changeValue(nonceChange);
    const codeHash =
      codeChange === NONE ? this.#codes.hash(tables.accountCode(account)) : codeAfter(tables, this.#codes, codeChange);
    // EIP-161: what a change left empty is gone. What the parent state has is there, whatever it holds.
    if (isChanged && balance === 0n && nonce === 0n && codeHash === EMPTY_CODE_HASH) return null;
    return { nonce, balance, storageRoot, codeHash };
  }

  storage(address: Address, slot: bigint): bigint {
    const tables = this.#tables;
    const account = tables.findAccount(address);
    const number = account === NONE ? NONE : tables.findSlot(account, slot);
    if (number === NONE) throw new SnapshotMissError(`${address} slot ${slot}`);
    const change = tables.lastSlotChange(number, this.#index);
    return change === NONE ? tables.slotValue(number) : tables.changeValue(change);
  }

  code(codeHash: Hash): Uint8Array {
    const code = this.#codes.code(codeHash);
    if (code === null) throw new SnapshotMissError(`code ${codeHash}`);
    return code;
  }
}

/** The hash of an account's code after a change of it. */
function codeAfter(tables: SnapshotTables, codes: SnapshotCodes, change: number): Hash {
  return codes.hash(Number(tables.changeValue(change)));
}
