import { bytesToHex, keccak256Hex } from '@heddle/primitives';
import type { Account, StateReader } from '@heddle/state';
import {
  type AccountAccess,
  type Address,
  type BlockAccessList,
  EMPTY_CODE_HASH,
  EMPTY_TRIE_ROOT,
} from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Snapshot } from '../src/lanes/snapshot.ts';
import { buildSnapshot, type WantedKeys } from '../src/lanes/snapshot-build.ts';
import { MAX_CODE_BYTES, MAX_PROBES, MAX_SNAPSHOT_INDEX } from '../src/lanes/snapshot-limits.ts';
import { type TestState, testReader } from './support/evm-world.ts';

const allocate = (bytes: number): ArrayBufferLike => new ArrayBuffer(bytes);
const LAST_INDEX = 12;

const addresses: readonly Address[] = Array.from({ length: 12 }, (_, i) => bytesToHex(new Uint8Array(20).fill(i * 21)));
const codes: readonly string[] = ['0x', '0x00', '0x6001', `0x${'5b'.repeat(300)}`];
const slotPool: readonly bigint[] = [0n, 1n, 2n ** 32n, 2n ** 64n, 2n ** 64n + 1n, 2n ** 200n, 2n ** 256n - 1n];

/** Words of every length. */
const word = fc.oneof(
  fc.bigInt(0n, 3n),
  ...[32n, 64n, 65n, 128n, 192n, 256n].map((bits) => fc.bigInt(0n, 2n ** bits - 1n)),
);
const nonce = fc.oneof(fc.bigInt(0n, 3n), fc.bigInt(0n, 2n ** 64n - 2n));
const code = fc.constantFrom(...codes);

const state: fc.Arbitrary<TestState> = fc.dictionary(
  fc.constantFrom(...addresses),
  fc.record({
    balance: word,
    nonce,
    code,
    storage: fc.dictionary(fc.constantFrom(...slotPool.map(String)), word),
  }),
);

function changes<T>(value: fc.Arbitrary<T>): fc.Arbitrary<{ index: number; value: T }[]> {
  return fc
    .uniqueArray(fc.record({ index: fc.integer({ min: 0, max: LAST_INDEX }), value }), {
      maxLength: 4,
      selector: ({ index }) => index,
    })
    .map((list) => list.sort((a, b) => a.index - b.index));
}

const access: fc.Arbitrary<AccountAccess> = fc
  .record({
    address: fc.constantFrom(...addresses),
    slots: fc.uniqueArray(fc.tuple(fc.constantFrom(...slotPool), changes(word)), { selector: ([slot]) => slot }),
    balances: changes(word),
    nonces: changes(nonce),
    codeChanges: changes(code),
  })
  .map(({ address, slots, balances, nonces, codeChanges }) => ({
    address,
    storageChanges: slots.filter(([, list]) => list.length > 0).map(([slot, list]) => ({ slot, changes: list })),
    storageReads: slots.filter(([, list]) => list.length === 0).map(([slot]) => slot),
    balanceChanges: balances.map(({ index, value }) => ({ index, balance: value })),
    nonceChanges: nonces.map(({ index, value }) => ({ index, nonce: value })),
    codeChanges: codeChanges.map(({ index, value }) => ({ index, code: bytesOf(value) })),
  }));

const list: fc.Arbitrary<BlockAccessList> = fc.uniqueArray(access, { selector: ({ address }) => address });
const wanted: fc.Arbitrary<WantedKeys[]> = fc.array(
  fc.record({ address: fc.constantFrom(...addresses), slots: fc.array(fc.constantFrom(...slotPool)) }),
  { maxLength: 5 },
);

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.slice(2), 'hex'));
}

function last<T extends { readonly index: number }>(changed: readonly T[], index: number): T | undefined {
  return changed.filter((change) => change.index < index).at(-1);
}

/** What `at(index)` is to say, by looking through the list. */
function naiveReader(
  parent: StateReader,
  accesses: BlockAccessList,
  keys: readonly WantedKeys[],
  index: number,
): StateReader {
  const miss = (): never => {
    throw new Error('missing');
  };
  const listed = (address: Address): AccountAccess | undefined => accesses.find((entry) => entry.address === address);
  const extra = (address: Address): readonly WantedKeys[] => keys.filter((key) => key.address === address);
  return {
    account: (address) => {
      const entry = listed(address);
      if (entry === undefined) return extra(address).length > 0 ? parent.account(address) : miss();
      return accountAfter(parent.account(address), entry, index);
    },
    storage: (address, slot) => {
      const changed = listed(address)?.storageChanges.find((change) => change.slot === slot);
      const isThere =
        changed !== undefined ||
        listed(address)?.storageReads.includes(slot) === true ||
        extra(address).some(({ slots }) => slots.includes(slot));
      if (!isThere) return miss();
      return last(changed?.changes ?? [], index)?.value ?? parent.storage(address, slot);
    },
    code: (hash) => bytesOf(codes.find((text) => keccak256Hex(bytesOf(text)) === hash) ?? miss()),
  };
}

function accountAfter(parent: Account | null, entry: AccountAccess, index: number): Account | null {
  const balance = last(entry.balanceChanges, index);
  const nonceChange = last(entry.nonceChanges, index);
  const codeChange = last(entry.codeChanges, index);
  if (balance === undefined && nonceChange === undefined && codeChange === undefined) return parent;
  const account = {
    balance: balance?.balance ?? parent?.balance ?? 0n,
    nonce: nonceChange?.nonce ?? parent?.nonce ?? 0n,
    codeHash: codeChange === undefined ? (parent?.codeHash ?? EMPTY_CODE_HASH) : keccak256Hex(codeChange.code),
    storageRoot: parent?.storageRoot ?? EMPTY_TRIE_ROOT,
  };
  const isEmpty = account.balance === 0n && account.nonce === 0n && account.codeHash === EMPTY_CODE_HASH;
  return isEmpty ? null : account;
}

/** All that a reader says of the keys that the tests use; of a storage root only whether it is that of no storage. */
function read(reader: StateReader): readonly unknown[] {
  const attempt = (ask: () => unknown): unknown => {
    try {
      return ask();
    } catch {
      return 'missing';
    }
  };
  return addresses.flatMap((address) => [
    attempt(() => {
      const account = reader.account(address);
      if (account === null) return null;
      const { nonce: used, balance, codeHash, storageRoot } = account;
      const hasStorage = storageRoot !== EMPTY_TRIE_ROOT;
      return `${used} ${balance} ${codeHash} ${hasStorage} ${bytesToHex(reader.code(codeHash))}`;
    }),
    ...slotPool.map((slot) => attempt(() => reader.storage(address, slot))),
  ]);
}

describe('a snapshot', () => {
  test('at an index is the parent state with the changes before it', () => {
    fc.assert(
      fc.property(state, list, wanted, (parent, accesses, keys) => {
        const reader = testReader(parent);
        const snapshot = new Snapshot(buildSnapshot(reader, keys, accesses, allocate));
        for (let index = 0; index <= LAST_INDEX + 2; index += 1) {
          expect(read(snapshot.at(index))).toEqual(read(naiveReader(reader, accesses, keys, index)));
        }
      }),
      { numRuns: 60 },
    );
  });

  test('an account that the parent state has is there even if it is empty, until a change leaves it empty', () => {
    const [address, other] = [addressAt(1), addressAt(2)];
    const reader = testReader({ [address]: {}, [other]: { balance: 1n } });
    const accesses: BlockAccessList = [
      { ...untouched(address), storageReads: [] },
      { ...untouched(other), balanceChanges: [{ index: 2, balance: 0n }] },
    ];
    const snapshot = new Snapshot(buildSnapshot(reader, [], accesses, allocate));
    expect(snapshot.at(5).account(address)).not.toBeNull();
    expect(snapshot.at(2).account(other)?.balance).toBe(1n);
    expect(snapshot.at(3).account(other)).toBeNull();
  });

  test('says what it lacks', () => {
    const reader = new Snapshot(buildSnapshot(testReader({}), [], null, allocate)).at(0);
    const missed = { code: 'SNAPSHOT_MISS', facts: { key: addressAt(1) } };
    expect(() => reader.account(addressAt(1))).toThrow(expect.objectContaining(missed));
    expect(() => reader.storage(addressAt(1), 1n)).toThrow(expect.objectContaining({ code: 'SNAPSHOT_MISS' }));
  });

  test('lacks code beyond its budget, and does not load it', () => {
    const size = 24_576;
    const count = Math.ceil(MAX_CODE_BYTES / size) + 1;
    const bytes = (i: number): Uint8Array => new Uint8Array(size).fill(i & 255).fill(i >> 8, 0, 9);
    const hashes = Array.from({ length: count }, (_, i) => keccak256Hex(bytes(i)));
    const account = (i: number): Address => `0x${i.toString(16).padStart(40, '0')}`;
    let loaded = 0;
    const reader: StateReader = {
      account: (address) => ({
        balance: 0n,
        nonce: 1n,
        storageRoot: EMPTY_TRIE_ROOT,
        codeHash: hashes[Number(address)] ?? EMPTY_CODE_HASH,
      }),
      storage: () => 0n,
      code: (hash) => {
        loaded += 1;
        return bytes(hashes.indexOf(hash));
      },
    };
    const keys = hashes.map((_, i) => ({ address: account(i), slots: [] }));
    const view = new Snapshot(buildSnapshot(reader, keys, null, allocate)).at(0);
    const kept = hashes.filter((hash) => {
      try {
        return view.code(hash).length === size;
      } catch (error) {
        expect(error).toMatchObject({ code: 'SNAPSHOT_MISS' });
        return false;
      }
    });
    expect(kept.length).toBe(Math.floor(MAX_CODE_BYTES / size));
    expect(loaded).toBeLessThanOrEqual(kept.length + 2);
  });

  test('is refused for an index that no chunk has', () => {
    const accesses = [{ ...untouched(addressAt(0)), nonceChanges: [{ index: MAX_SNAPSHOT_INDEX + 1, nonce: 1n }] }];
    expect(() => buildSnapshot(testReader({}), [], accesses, allocate)).toThrow(
      expect.objectContaining({ code: 'SNAPSHOT_LIMIT' }),
    );
  });

  test('takes keys that collide under its first hash function under the next', () => {
    // Slots of one account in a table of 512 places: search for those that all begin at one place under seed 1.
    const address = addressAt(3);
    const crowd = collidingSlots(MAX_PROBES + 10, 512);
    const slots = [...crowd, ...Array.from({ length: 250 - crowd.length }, (_, i) => BigInt(i) + 2n ** 100n)];
    const view = buildSnapshot(testReader({}), [{ address, slots }], null, allocate);
    expect(view.shape.seed).toBe(2);
    const reader = new Snapshot(view).at(0);
    for (const slot of slots) expect(reader.storage(address, slot)).toBe(0n);
  });
});

/** The hash function of the tables, written anew. */
function placeOf(seed: number, account: number, slot: bigint, places: number): number {
  const mix = (hash: number, value: number): number => {
    const once = Math.imul(hash ^ value, 0x9e3779b1);
    const twice = Math.imul(once ^ (once >>> 15), 0x85ebca77);
    return twice ^ (twice >>> 13);
  };
  let hash = mix(seed, account);
  for (let i = 0n; i < 8n; i += 1n) hash = mix(hash, Number((slot >> (32n * i)) & 0xffff_ffffn));
  return hash & (places - 1);
}

function collidingSlots(count: number, places: number): readonly bigint[] {
  const found: bigint[] = [];
  for (let slot = 0n; found.length < count; slot += 1n) if (placeOf(1, 0, slot, places) === 7) found.push(slot);
  return found;
}

function addressAt(i: number): Address {
  const address = addresses[i];
  if (address === undefined) throw new Error('no such address');
  return address;
}

function untouched(address: Address): AccountAccess {
  return {
    address,
    storageChanges: [],
    storageReads: [],
    balanceChanges: [],
    nonceChanges: [],
    codeChanges: [],
  };
}
