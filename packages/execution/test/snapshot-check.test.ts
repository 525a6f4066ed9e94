import type { AccountAccess, Address, BlockAccessList } from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import { DeclaredChunk, DeclaredRefusal } from '../src/lanes/declared-chunk.ts';
import { runDeclared } from '../src/lanes/run-declared.ts';
import { Snapshot } from '../src/lanes/snapshot.ts';
import { buildSnapshot } from '../src/lanes/snapshot-build.ts';
import { World } from '../src/world/world.ts';
import { testReader } from './support/evm-world.ts';
import { type SignedChunk, signedChunk } from './support/signed-chunk.ts';

const allocate = (bytes: number): ArrayBufferLike => new ArrayBuffer(bytes);

/** Replays every index of the chunk on its own, on what `accessList` says; null, or why the list was refused. */
function replay({ task, state, transactions }: SignedChunk, accessList: BlockAccessList): string | null {
  const chunk = DeclaredChunk.open(task, state, { transactions, accessList }, allocate);
  if (chunk instanceof DeclaredRefusal) return chunk.reason;
  const head = chunk.runHead();
  if (head !== null) return head.reason;
  const snapshot = new Snapshot(chunk.snapshot);
  const results = transactions.map((transaction, position) =>
    runDeclared(task, snapshot, transaction, position, chunk.firstIndex + position),
  );
  const outcome = chunk.finish(results);
  return outcome instanceof DeclaredRefusal ? outcome.reason : null;
}

const OTHER: Address = '0x00000000000000000000000000000000000abcde';
const NOTHING = {
  storageChanges: [],
  storageReads: [],
  balanceChanges: [],
  nonceChanges: [],
  codeChanges: [],
} as const;

/** The list with one account replaced, or taken out. */
function replaced(list: BlockAccessList, at: number, by: AccountAccess | null): BlockAccessList {
  return list.flatMap((account, i) => (i === at ? (by === null ? [] : [by]) : [account]));
}

/** All lists that differ from `list` by one entry, each with a name. */
function mutations(list: BlockAccessList, lastIndex: number): (readonly [string, BlockAccessList])[] {
  const found: (readonly [string, BlockAccessList])[] = [];
  for (const [at, account] of list.entries()) {
    const add = (what: string, by: AccountAccess | null): void => {
      found.push([`${what} of ${account.address}`, replaced(list, at, by)]);
    };
    add('nothing is left', null);
    for (const [name, mutate] of accountMutations(account, lastIndex)) add(name, mutate);
  }
  const sorted = [...list, { address: OTHER, ...NOTHING }].sort((a, b) => (a.address < b.address ? -1 : 1));
  found.push(['an account more', sorted]);
  return found;
}

function accountMutations(account: AccountAccess, lastIndex: number): (readonly [string, AccountAccess])[] {
  const { storageChanges, storageReads, balanceChanges, nonceChanges, codeChanges } = account;
  const unusedSlot = 123_456_789n;
  return [
    ...listMutations(balanceChanges, lastIndex, (c) => ({ ...c, balance: c.balance + 1n }), { balance: 77n }).map(
      ([name, changed]) => [`balance: ${name}`, { ...account, balanceChanges: changed }] as const,
    ),
    ...listMutations(nonceChanges, lastIndex, (c) => ({ ...c, nonce: c.nonce + 1n }), { nonce: 77n }).map(
      ([name, changed]) => [`nonce: ${name}`, { ...account, nonceChanges: changed }] as const,
    ),
    ...listMutations(codeChanges, lastIndex, (c) => ({ ...c, code: Uint8Array.of(1, ...c.code) }), {
      code: Uint8Array.of(7),
    }).map(([name, changed]) => [`code: ${name}`, { ...account, codeChanges: changed }] as const),
    ...storageChanges.flatMap((slot, i) => {
      const withSlot = (by: typeof storageChanges): AccountAccess => ({
        ...account,
        storageChanges: storageChanges.flatMap((other, j) => (i === j ? by : [other])),
      });
      return [
        ['slot: not listed', withSlot([])] as const,
        ['slot: listed as read', { ...withSlot([]), storageReads: sorted([...storageReads, slot.slot]) }] as const,
        ...listMutations(slot.changes, lastIndex, (c) => ({ ...c, value: c.value + 1n }), { value: 77n })
          .filter(([, changes]) => changes.length > 0)
          .map(([name, changes]) => [`slot: ${name}`, withSlot([{ slot: slot.slot, changes }])] as const),
      ];
    }),
    ...storageReads.map(
      (slot) => ['a read less', { ...account, storageReads: storageReads.filter((other) => other !== slot) }] as const,
    ),
    ['a read more', { ...account, storageReads: sorted([...storageReads, unusedSlot]) }],
  ];
}

/** A value changed, an entry less, an entry at another index, an entry more. */
function listMutations<T extends { readonly index: number }>(
  changes: readonly T[],
  lastIndex: number,
  alter: (change: T) => T,
  extra: Omit<T, 'index'>,
): (readonly [string, readonly (T | (Omit<T, 'index'> & { readonly index: number }))[]])[] {
  const used = new Set(changes.map(({ index }) => index));
  const free = Array.from({ length: lastIndex + 1 }, (_, index) => index).filter((index) => !used.has(index));
  const ordered = <U extends { readonly index: number }>(list: readonly U[]): readonly U[] =>
    [...list].sort((a, b) => a.index - b.index);
  return [
    ...changes.flatMap((change, i) => {
      const others = changes.filter((_, j) => j !== i);
      const elsewhere = free.slice(0, 1).map((index) => ordered([...others, { ...change, index }]));
      return [
        ['another value', changes.map((other, j) => (i === j ? alter(other) : other))] as const,
        ['a change less', others] as const,
        ...elsewhere.map((list) => ['a change elsewhere', list] as const),
      ];
    }),
    ...[free.at(0), free.at(-1)].flatMap((index) =>
      index === undefined ? [] : [['a change more', ordered([...changes, { ...extra, index }])] as const],
    ),
  ];
}

function sorted(slots: readonly bigint[]): readonly bigint[] {
  return [...slots].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

describe('checking a chunk against its access list, index by index', () => {
  for (const shardCount of [1, 3]) {
    const chunk = signedChunk({ shardCount, senders: 8, rounds: 2, kind: 'mixed' });
    const list = chunk.outcome.accessList;

    test(`${shardCount} shards: the list that a sequential run recorded holds`, () => {
      expect(replay(chunk, list)).toBeNull();
      expect(list.some(({ codeChanges }) => codeChanges.length > 0)).toBe(true);
      expect(list.some(({ storageReads }) => storageReads.length > 0)).toBe(true);
    });

    test(`${shardCount} shards: no other list does`, () => {
      const all = mutations(list, chunk.transactions.length + 1);
      expect(all.length).toBeGreaterThan(200);
      expect(all.filter(([, mutated]) => replay(chunk, mutated) === null).map(([name]) => name)).toEqual([]);
    });
  }

  test('what is readable but not declared may not be touched', () => {
    const reader = testReader({ [OTHER]: { balance: 5n, storage: { 1: 1n } } });
    const snapshot = new Snapshot(buildSnapshot(reader, [{ address: OTHER, slots: [1n] }], [], allocate));
    const world = new World(snapshot.at(1));
    world.beginIndex(1);
    expect(world.unrecorded.account(OTHER)?.balance).toBe(5n);
    expect(snapshot.check(world, 1)).toBeNull();
    world.balance(OTHER);
    expect(snapshot.check(world, 1)).toMatch(`${OTHER} is touched at index 1 and not listed`);
  });

  test('a slot that is readable but not declared may not be touched, even of a declared account', () => {
    const reader = testReader({ [OTHER]: { balance: 5n, storage: { 1: 1n } } });
    const list = [{ address: OTHER, ...NOTHING, storageReads: [2n] }];
    const snapshot = new Snapshot(buildSnapshot(reader, [{ address: OTHER, slots: [1n, 2n] }], list, allocate));
    const world = new World(snapshot.at(1));
    world.beginIndex(1);
    world.storage(OTHER, 2n);
    expect(snapshot.check(world, 1)).toBeNull();
    world.storage(OTHER, 1n);
    expect(snapshot.check(world, 1)).toMatch('slot 1');
  });

  test('names what nothing has touched', () => {
    const list = [{ address: OTHER, ...NOTHING, storageReads: [1n] }];
    const snapshot = new Snapshot(buildSnapshot(testReader({}), [], list, allocate));
    expect(snapshot.untouched()).toBe(OTHER);
    const world = new World(snapshot.at(1));
    world.beginIndex(1);
    world.balance(OTHER);
    expect(snapshot.check(world, 1)).toBeNull();
    expect(snapshot.untouched()).toBe(`slot 1 of ${OTHER}`);
    world.storage(OTHER, 1n);
    expect(snapshot.check(world, 1)).toBeNull();
    expect(snapshot.untouched()).toBeNull();
  });
});
