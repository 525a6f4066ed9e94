import type { AccountAccess, Address, BlockAccessList, StorageChange } from '@heddle/types';
import type { AccountEntry, SlotEntry } from './entries.ts';

/** Appends what changed since the last index (EIP-7928: no-op and reverted writes leave no change). */
export function recordIndex(account: AccountEntry, index: number, code: Uint8Array): void {
  if (account.balance !== account.recordedBalance) {
    account.balanceChanges.push({ index, balance: account.balance });
    account.recordedBalance = account.balance;
  }
  if (account.nonce !== account.recordedNonce) {
    account.nonceChanges.push({ index, nonce: account.nonce });
    account.recordedNonce = account.nonce;
  }
  if (account.codeHash !== account.recordedCodeHash) {
    account.codeChanges.push({ index, code });
    account.recordedCodeHash = account.codeHash;
  }
  for (const slot of account.touchedSlots) {
    if (slot.value !== slot.recorded) {
      slot.changes.push({ index, value: slot.value });
      slot.recorded = slot.value;
    }
  }
}

/** EIP-7928 order: accounts and slots ascending, indices ascending within each. */
export function buildAccessList(accounts: Iterable<AccountEntry>): BlockAccessList {
  return [...accounts].sort((a, b) => compareAddresses(a.address, b.address)).map(describeAccess);
}

function describeAccess(account: AccountEntry): AccountAccess {
  const slots = [...account.slots.values()].sort((a, b) => (a.slot < b.slot ? -1 : 1));
  return {
    address: account.address,
    storageChanges: slots.filter(hasChanges).map(describeSlot),
    storageReads: slots.filter((slot) => !hasChanges(slot)).map((slot) => slot.slot),
    balanceChanges: [...account.balanceChanges],
    nonceChanges: [...account.nonceChanges],
    codeChanges: [...account.codeChanges],
  };
}

function hasChanges(slot: SlotEntry): boolean {
  return slot.changes.length > 0;
}

function describeSlot(slot: SlotEntry): StorageChange {
  return { slot: slot.slot, changes: [...slot.changes] };
}

/** Lower-case hex of equal length sorts like its bytes. */
function compareAddresses(a: Address, b: Address): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
