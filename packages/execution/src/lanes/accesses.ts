import type { Account, StateReader } from '@heddle/state';
import { type Address, EMPTY_CODE_HASH, type Hash } from '@heddle/types';
import type { AccountValues } from '../world/changes.ts';
import type { AccountEntry } from '../world/entries.ts';
import { WordMap } from '../world/word-map.ts';
import type { World } from '../world/world.ts';
import type { Accesses, TouchedAccount } from './results.ts';

/** A word that was read. */
export interface ReadSlot {
  readonly address: Address;
  readonly slot: bigint;
  readonly value: bigint;
}

/** Passes reads on and remembers them: what an execution saw, through rules as well as through the EVM. */
export class RecordingReader implements StateReader {
  readonly accounts: Map<Address, Account | null> = new Map();
  readonly slots: Map<Address, WordMap<ReadSlot>> = new Map();
  readonly #reader: StateReader;

  constructor(reader: StateReader) {
    this.#reader = reader;
  }

  account(address: Address): Account | null {
    const account = this.#reader.account(address);
    this.accounts.set(address, account);
    return account;
  }

  storage(address: Address, slot: bigint): bigint {
    const value = this.#reader.storage(address, slot);
    let slots = this.slots.get(address);
    if (slots === undefined) {
      slots = new WordMap();
      this.slots.set(address, slots);
    }
    slots.set(slot, { address, slot, value });
    return value;
  }

  /** Code is named by its hash: it cannot differ. */
  code(codeHash: Hash): Uint8Array {
    return this.#reader.code(codeHash);
  }
}

/** What a world on `reader`, one index old, has read and written. */
export function collectAccesses(world: World, reader: RecordingReader): Accesses {
  const touched = world.touchedAccounts();
  const peekedSlots: ReadSlot[] = [];
  for (const [address, slots] of reader.slots) {
    const entry = touched.find((account) => account.address === address);
    for (const read of slots.values()) if (entry?.slots.get(read.slot) === undefined) peekedSlots.push(read);
  }
  for (const { address } of touched) reader.accounts.delete(address);
  return {
    touched: touched.map((entry) => describeTouched(world, entry)),
    peekedAccounts: [...reader.accounts].map(([address, account]) => ({ address, values: valuesOf(account) })),
    peekedSlots,
  };
}

function describeTouched(world: World, entry: AccountEntry): TouchedAccount {
  const { address, nonce, balance, codeHash } = entry;
  const before = valuesOf(entry.parent);
  const slots = entry.slots.values().map(({ slot, parent, value }) => ({ slot, before: parent, after: value }));
  const codeChanged = codeHash !== (before === null ? EMPTY_CODE_HASH : before.codeHash);
  const code = codeChanged && codeHash !== EMPTY_CODE_HASH ? world.codeOf(entry) : null;
  return { address, before, after: { nonce, balance, codeHash }, code, slots };
}

function valuesOf(account: Account | null): AccountValues | null {
  return account === null ? null : { nonce: account.nonce, balance: account.balance, codeHash: account.codeHash };
}
