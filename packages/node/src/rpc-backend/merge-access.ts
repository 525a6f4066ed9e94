import type { AccountAccess, StorageChange } from '@heddle/types';

interface Indexed {
  readonly index: number;
}

/** The same with all indices moved up by `offset`. */
export function shiftAccess(account: AccountAccess, offset: number): AccountAccess {
  if (offset === 0) return account;
  const shift = <Change extends Indexed>(changes: readonly Change[]): readonly Change[] =>
    changes.map((change) => ({ ...change, index: change.index + offset }));
  return {
    address: account.address,
    storageChanges: account.storageChanges.map(({ slot, changes }) => ({ slot, changes: shift(changes) })),
    storageReads: account.storageReads,
    balanceChanges: shift(account.balanceChanges),
    nonceChanges: shift(account.nonceChanges),
    codeChanges: shift(account.codeChanges),
  };
}

/** What both say of one account, `later` having the higher indices. Canonical as EIP-7928 demands, if both are. */
export function mergeAccess(earlier: AccountAccess, later: AccountAccess): AccountAccess {
  const storageChanges = mergeSlots(earlier.storageChanges, later.storageChanges);
  const changed = new Set(storageChanges.map(({ slot }) => slot));
  const reads = new Set([...earlier.storageReads, ...later.storageReads].filter((slot) => !changed.has(slot)));
  return {
    address: earlier.address,
    storageChanges,
    storageReads: [...reads].sort(compareSlots),
    balanceChanges: append(earlier.balanceChanges, later.balanceChanges),
    nonceChanges: append(earlier.nonceChanges, later.nonceChanges),
    codeChanges: append(earlier.codeChanges, later.codeChanges),
  };
}

function mergeSlots(earlier: readonly StorageChange[], later: readonly StorageChange[]): readonly StorageChange[] {
  const slots = new Map(earlier.map((change) => [change.slot, change] as const));
  for (const { slot, changes } of later) {
    slots.set(slot, { slot, changes: append(slots.get(slot)?.changes ?? [], changes) });
  }
  return [...slots.values()].sort((a, b) => compareSlots(a.slot, b.slot));
}

/** One change an index: should two parts claim the same one, the earlier stands. */
function append<Change extends Indexed>(earlier: readonly Change[], later: readonly Change[]): readonly Change[] {
  const last = earlier.at(-1)?.index ?? -1;
  return [...earlier, ...later.filter(({ index }) => index > last)];
}

function compareSlots(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
