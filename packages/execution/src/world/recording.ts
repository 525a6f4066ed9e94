import type { AccountAccess, Address, BlockAccessList, ShardId, StorageChange } from '@heddle/types';
import type { AccountEntry, SlotEntry } from './entries.ts';

/**
 * Appends what changed since the last index (EIP-7928: no-op and reverted writes leave no change). An account that came to
 * live on another shard in this index begins there with nothing.
 */
export function recordIndex(account: AccountEntry, index: number, code: Uint8Array): void {
  if (account.firstIndex === -1) account.firstIndex = index;
  if (account.shard !== account.origin && account.moved === null) {
    account.moved = { index, balance: account.recordedBalance };
    account.recordedBalance = 0n;
  }
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
    slot.isListed = true;
    if (slot.value !== slot.recorded) {
      slot.changes.push({ index, value: slot.value });
      slot.recorded = slot.value;
    }
  }
}

/** EIP-7928 order: accounts and slots ascending, indices ascending within each. */
export function buildAccessList(accounts: Iterable<AccountEntry>): BlockAccessList {
  return sorted([...accounts].filter(isListed).map(describeAccess));
}

/**
 * What the section's access list has of `shard`: accounts by residence. One that moved is at its origin with all that came
 * before, and with a balance of 0 from then on; if nothing came before and it had nothing, only where it went.
 */
export function accessListOf(accounts: Iterable<AccountEntry>, shard: ShardId): BlockAccessList {
  const listed: AccountAccess[] = [];
  for (const account of accounts) {
    if (!isListed(account)) continue;
    if (account.moved === null) {
      if (account.origin === shard) listed.push(describeAccess(account));
    } else if (account.origin === shard) {
      if (account.firstIndex < account.moved.index || account.moved.balance > 0n) listed.push(beforeMove(account));
    } else if (account.shard === shard) {
      listed.push(afterMove(account, account.moved.index));
    }
  }
  return sorted(listed);
}

function isListed({ firstIndex }: AccountEntry): boolean {
  return firstIndex !== -1;
}

function sorted(list: AccountAccess[]): BlockAccessList {
  return list.sort((a, b) => compareAddresses(a.address, b.address));
}

function describeAccess(account: AccountEntry): AccountAccess {
  const slots = account.slots
    .values()
    .filter((slot) => slot.isListed)
    .sort((a, b) => (a.slot < b.slot ? -1 : 1));
  return {
    address: account.address,
    storageChanges: slots.filter(hasChanges).map(describeSlot),
    storageReads: slots.filter((slot) => !hasChanges(slot)).map((slot) => slot.slot),
    balanceChanges: [...account.balanceChanges],
    nonceChanges: [...account.nonceChanges],
    codeChanges: [...account.codeChanges],
  };
}

/** What has code or slots has moved already. */
function beforeMove({ address, balanceChanges, moved }: AccountEntry): AccountAccess {
  const earlier = moved === null ? [] : balanceChanges.filter(({ index }) => index < moved.index);
  const leaves = moved === null || moved.balance === 0n ? [] : [{ index: moved.index, balance: 0n }];
  return {
    address,
    storageChanges: [],
    storageReads: [],
    balanceChanges: [...earlier, ...leaves],
    nonceChanges: [],
    codeChanges: [],
  };
}

function afterMove(account: AccountEntry, movedAt: number): AccountAccess {
  const access = describeAccess(account);
  return { ...access, balanceChanges: access.balanceChanges.filter(({ index }) => index >= movedAt) };
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
