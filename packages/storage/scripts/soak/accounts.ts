import { bigintToBytes, bytesToHex, keccak256 } from '@heddle/primitives';
import type { StateChanges } from '@heddle/state';
import { type Address, EMPTY_CODE_HASH } from '@heddle/types';

/** One account in so many has storage. */
const STORAGE_EVERY = 16;
export const SLOTS = 4;
/** Which update deletes its account: one in so many. */
const DELETE_EVERY = 50;
/** The version of an account that was deleted; it does not come back. */
const GONE = 255;
const GWEI = 1_000_000_000n;

/** What the soak expects of an account. */
export interface ExpectedAccount {
  readonly nonce: bigint;
  readonly balance: bigint;
  /** Empty for an account without storage. */
  readonly slots: readonly bigint[];
}

/**
 * Accounts that are known by their number: everything about one follows from it and from how often it was changed, so
 * five million take five megabytes here.
 */
export class SoakAccounts {
  readonly #versions: Uint8Array;
  #updates = 0;

  constructor(count: number) {
    this.#versions = new Uint8Array(count);
  }

  get count(): number {
    return this.#versions.length;
  }

  address(index: number): Address {
    return bytesToHex(keccak256(bigintToBytes(BigInt(index), 8)).subarray(12));
  }

  /** null when it was deleted. */
  expected(index: number): ExpectedAccount | null {
    const version = this.#versions[index] ?? GONE;
    if (version === GONE) return null;
    const slots =
      index % STORAGE_EVERY === 0 ? Array.from({ length: SLOTS }, (_, slot) => slotValue(index, slot, version)) : [];
    return { nonce: BigInt(version), balance: balanceOf(index, version), slots };
  }

  /** What makes these accounts, all new. */
  creation(indexes: Iterable<number>): StateChanges {
    const changes = newChanges();
    for (const index of indexes) {
      const address = this.address(index);
      const account = this.expected(index);
      if (account === null) continue;
      changes.accounts.set(address, { nonce: account.nonce, balance: account.balance, codeHash: EMPTY_CODE_HASH });
      if (account.slots.length > 0)
        changes.storage.set(address, new Map(account.slots.map((value, slot) => [BigInt(slot), value])));
    }
    return changes;
  }

  /** Changes these accounts, each once: some are deleted, those that are gone stay so. */
  update(indexes: Iterable<number>): StateChanges {
    const changes = newChanges();
    for (const index of indexes) {
      const before = this.#versions[index] ?? GONE;
      if (before === GONE) continue;
      const address = this.address(index);
      this.#updates++;
      if (this.#updates % DELETE_EVERY === 0) {
        this.#versions[index] = GONE;
        changes.accounts.set(address, null);
        continue;
      }
      const version = Math.min(before + 1, GONE - 1);
      this.#versions[index] = version;
      changes.accounts.set(address, {
        nonce: BigInt(version),
        balance: balanceOf(index, version),
        codeHash: EMPTY_CODE_HASH,
      });
      if (index % STORAGE_EVERY !== 0) continue;
      const slot = version % SLOTS;
      changes.storage.set(address, new Map([[BigInt(slot), slotValue(index, slot, version)]]));
    }
    return changes;
  }
}

interface MutableChanges extends StateChanges {
  readonly accounts: Map<Address, { nonce: bigint; balance: bigint; codeHash: typeof EMPTY_CODE_HASH } | null>;
  readonly storage: Map<Address, Map<bigint, bigint>>;
}

function newChanges(): MutableChanges {
  return { accounts: new Map(), storage: new Map(), codes: new Map() };
}

function balanceOf(index: number, version: number): bigint {
  return (BigInt(index) + 1n) * GWEI + BigInt(version);
}

/** A slot is written at creation, and by every update whose version it is the remainder of; at times it is cleared. */
function slotValue(index: number, slot: number, version: number): bigint {
  const written = version - ((version - slot + SLOTS) % SLOTS);
  if (written <= 0) return BigInt(index) * 1000n + BigInt(slot) + 1n;
  return written % 3 === 0 ? 0n : BigInt(index) * 1000n + BigInt(written) * 10n + BigInt(slot);
}
