import { equalBytes } from '@heddle/primitives';
import {
  type AccountAccess,
  type Address,
  type BlockAccessList,
  decodeAccessList,
  encodeAccessList,
} from '@heddle/types';
import type { Random } from '../random.ts';

/** An access list that says something else than the true one, in canonical form. */
export interface MutatedList {
  readonly what: string;
  readonly list: BlockAccessList;
}

/** A change of one account's entry; null where there is nothing of that kind to change. */
type Mutation = (random: Random, account: AccountAccess, indices: number) => AccountAccess | null;

type Indexed = { readonly index: number };

const MOST_ATTEMPTS = 50;
const MASK: bigint = 2n ** 256n - 1n;

/** One entry changed, dropped or added. `indices`: how many the chunk has, settlement included. */
export function mutateAccessList(random: Random, list: BlockAccessList, indices: number): MutatedList {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    const mutated = random.chance(20) ? mutateAccounts(random, list) : mutateEntry(random, list, indices);
    if (mutated !== null && isCanonical(mutated.list) && !isSame(mutated.list, list)) return mutated;
  }
  return { what: 'everything dropped', list: [] };
}

function mutateAccounts(random: Random, list: BlockAccessList): MutatedList {
  if (random.chance(50)) {
    const dropped = random.pick(list);
    return { what: `${dropped.address} dropped`, list: list.filter((account) => account !== dropped) };
  }
  const address: Address = random.chance(30)
    ? `0x${random.below(20).toString(16).padStart(40, '0')}`
    : `0x${Buffer.from(random.bytes(20)).toString('hex')}`;
  const nothing = { storageChanges: [], storageReads: [], balanceChanges: [], nonceChanges: [], codeChanges: [] };
  const added: AccountAccess = { address, ...nothing };
  return { what: `${address} added`, list: [...list, added].sort((a, b) => (a.address < b.address ? -1 : 1)) };
}

/** Any kind of mistake is as likely as any other, however few accounts it can be made in. */
function mutateEntry(random: Random, list: BlockAccessList, indices: number): MutatedList | null {
  const name = random.pick(Object.keys(MUTATIONS));
  const first = random.below(list.length);
  for (const account of [...list.slice(first), ...list.slice(0, first)]) {
    const mutated = MUTATIONS[name]?.(random, account, indices) ?? null;
    if (mutated === null) continue;
    return { what: `${name} of ${account.address}`, list: list.map((other) => (other === account ? mutated : other)) };
  }
  return null;
}

const MUTATIONS: Readonly<Record<string, Mutation>> = {
  balance: (random, account) => {
    const balanceChanges = changeOne(random, account.balanceChanges, (change) => ({
      ...change,
      balance: (change.balance + 1n) & MASK,
    }));
    return balanceChanges && { ...account, balanceChanges };
  },
  nonce: (random, account) => {
    const nonceChanges = changeOne(random, account.nonceChanges, (change) => ({ ...change, nonce: change.nonce + 1n }));
    return nonceChanges && { ...account, nonceChanges };
  },
  code: (random, account) => {
    const codeChanges = changeOne(random, account.codeChanges, (change) => ({
      ...change,
      code: Uint8Array.of(...change.code, 0),
    }));
    return codeChanges && { ...account, codeChanges };
  },
  word: (random, account) =>
    changeSlot(random, account, (changes) =>
      changeOne(random, changes, (change) => ({ ...change, value: change.value ^ BigInt(1 + random.below(255)) })),
    ),
  'balance dropped': (random, account) => {
    const balanceChanges = dropOne(random, account.balanceChanges);
    return balanceChanges && { ...account, balanceChanges };
  },
  'nonce dropped': (random, account) => {
    const nonceChanges = dropOne(random, account.nonceChanges);
    return nonceChanges && { ...account, nonceChanges };
  },
  'code dropped': (random, account) => {
    const codeChanges = dropOne(random, account.codeChanges);
    return codeChanges && { ...account, codeChanges };
  },
  'word dropped': (random, account) => changeSlot(random, account, (changes) => dropOne(random, changes)),
  'slot dropped': (random, account) => {
    const storageChanges = dropOne(random, account.storageChanges);
    return storageChanges && { ...account, storageChanges };
  },
  'write as read': (random, account) => {
    if (account.storageChanges.length === 0) return null;
    const { slot } = random.pick(account.storageChanges);
    const storageChanges = account.storageChanges.filter((change) => change.slot !== slot);
    return { ...account, storageChanges, storageReads: ascending([...account.storageReads, slot]) };
  },
  'read as write': (random, account) => {
    if (account.storageReads.length === 0) return null;
    const slot = random.pick(account.storageReads);
    const changes = [{ index: 1, value: 0n }];
    const storageChanges = [...account.storageChanges, { slot, changes }].sort((a, b) => (a.slot < b.slot ? -1 : 1));
    return { ...account, storageChanges, storageReads: account.storageReads.filter((read) => read !== slot) };
  },
  'read dropped': (random, account) => {
    const storageReads = dropOne(random, account.storageReads);
    return storageReads && { ...account, storageReads };
  },
  'read added': (random, account) => ({
    ...account,
    storageReads: ascending([...account.storageReads, BigInt(random.below(12))]),
  }),
  'balance repeated': (random, account, indices) => {
    const balanceChanges = repeatOne(random, account.balanceChanges, indices);
    return balanceChanges && { ...account, balanceChanges };
  },
  'nonce repeated': (random, account, indices) => {
    const nonceChanges = repeatOne(random, account.nonceChanges, indices);
    return nonceChanges && { ...account, nonceChanges };
  },
  'word repeated': (random, account, indices) =>
    changeSlot(random, account, (changes) => repeatOne(random, changes, indices)),
  'balance moved': (random, account, indices) => {
    const balanceChanges = moveOne(random, account.balanceChanges, indices);
    return balanceChanges && { ...account, balanceChanges };
  },
  'nonce moved': (random, account, indices) => {
    const nonceChanges = moveOne(random, account.nonceChanges, indices);
    return nonceChanges && { ...account, nonceChanges };
  },
  'code moved': (random, account, indices) => {
    const codeChanges = moveOne(random, account.codeChanges, indices);
    return codeChanges && { ...account, codeChanges };
  },
  'word moved': (random, account, indices) =>
    changeSlot(random, account, (changes) => moveOne(random, changes, indices)),
  'balance invented': (random, account, indices) => ({
    ...account,
    balanceChanges: inOrder([...account.balanceChanges, { index: random.below(indices + 2), balance: 5n }]),
  }),
};

function changeSlot(
  random: Random,
  account: AccountAccess,
  change: (
    changes: AccountAccess['storageChanges'][number]['changes'],
  ) => AccountAccess['storageChanges'][number]['changes'] | null,
): AccountAccess | null {
  if (account.storageChanges.length === 0) return null;
  const chosen = random.pick(account.storageChanges);
  const changes = change(chosen.changes);
  if (changes === null || changes.length === 0) return null;
  const storageChanges = account.storageChanges.map((other) => (other === chosen ? { ...other, changes } : other));
  return { ...account, storageChanges };
}

function changeOne<T>(random: Random, items: readonly T[], change: (item: T) => T): readonly T[] | null {
  if (items.length === 0) return null;
  const at = random.below(items.length);
  return items.map((item, i) => (i === at ? change(item) : item));
}

function dropOne<T>(random: Random, items: readonly T[]): readonly T[] | null {
  if (items.length === 0) return null;
  const at = random.below(items.length);
  return items.filter((_, i) => i !== at);
}

/** The same value again, later: a write that changes nothing. */
function repeatOne<T extends Indexed>(random: Random, items: readonly T[], indices: number): readonly T[] | null {
  if (items.length === 0) return null;
  const item = random.pick(items);
  return inOrder([...items, { ...item, index: item.index + 1 + random.below(indices) }]);
}

function moveOne<T extends Indexed>(random: Random, items: readonly T[], indices: number): readonly T[] | null {
  const index = random.below(indices + 2);
  const moved = changeOne(random, items, (item) => ({ ...item, index }));
  return moved && inOrder(moved);
}

function inOrder<T extends Indexed>(items: readonly T[]): readonly T[] {
  return [...items].sort((a, b) => a.index - b.index);
}

function ascending(slots: readonly bigint[]): readonly bigint[] {
  return [...slots].sort((a, b) => (a < b ? -1 : 1));
}

/** What decoding would let through: sorted and unique. */
function isCanonical(list: BlockAccessList): boolean {
  try {
    decodeAccessList(encodeAccessList(list));
    return true;
  } catch {
    return false;
  }
}

function isSame(a: BlockAccessList, b: BlockAccessList): boolean {
  return equalBytes(encodeAccessList(a), encodeAccessList(b));
}
