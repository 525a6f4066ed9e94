import { bytesToHex, keccak256 } from '@heddle/primitives';
import { createSeededRandom } from '@heddle/runtime';
import {
  createLayer,
  createMemoryBackend,
  EMPTY_STATE,
  genesisLayer,
  openHistoricState,
  openState,
  proveAccount,
  type StateChanges,
  type StateLayer,
  type StateSnapshot,
} from '@heddle/state';
import { createMemoryMedium } from '@heddle/storage';
import { type Address, EMPTY_CODE_HASH } from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ByteCache } from '../src/byte-cache.ts';
import { Database } from '../src/database.ts';
import { tableRange } from '../src/keys.ts';
import { NodeCache } from '../src/node-cache.ts';
import { ShardState, versioned } from '../src/shard-state.ts';
import { NO_CACHES, type StateCacheBytes } from '../src/state-caches.ts';

const addressOf = (index: number): Address => bytesToHex(keccak256(Uint8Array.of(index)).subarray(12));
const ACCOUNTS = 60;

/** What becomes of one account: deleted, or set with a slot. */
const change = fc.record({
  index: fc.integer({ min: 0, max: ACCOUNTS - 1 }),
  balance: fc.option(fc.bigInt(0n, 9n)),
  onlyStorage: fc.boolean(),
  slot: fc.bigInt(0n, 3n),
  value: fc.bigInt(0n, 3n),
});

function changesOf(
  state: StateSnapshot,
  list: readonly { index: number; balance: bigint | null; onlyStorage: boolean; slot: bigint; value: bigint }[],
): StateChanges {
  const accounts = new Map<Address, { nonce: bigint; balance: bigint; codeHash: typeof EMPTY_CODE_HASH } | null>();
  const storage = new Map<Address, Map<bigint, bigint>>();
  for (const { index, balance, onlyStorage, slot, value } of list) {
    const address = addressOf(index);
    const keeps = onlyStorage && state.account(address) !== null;
    if (!keeps) accounts.set(address, balance === null ? null : { nonce: 1n, balance, codeHash: EMPTY_CODE_HASH });
    if (keeps || balance !== null) storage.set(address, new Map([[slot, value]]));
  }
  return { accounts, storage, codes: new Map() };
}

/** From so little that every entry is forgotten soon, to more than there is. */
const budgets: readonly StateCacheBytes[] = [
  NO_CACHES,
  { nodes: 9000, births: 64, accounts: 2500, codes: 1000 },
  { nodes: 60_000, births: 512, accounts: 12_000, codes: 1000 },
  { nodes: 1e7, births: 1e5, accounts: 1e7, codes: 1e7 },
];

async function openShard(cacheBytes: StateCacheBytes): Promise<{ database: Database; shard: ShardState }> {
  const medium = createMemoryMedium(createSeededRandom(0));
  const database = await Database.open(medium, 'k', { blocks: 0, writeBuffer: 0, openFiles: 0 });
  return { database, shard: new ShardState(database, 0, cacheBytes, 0n) };
}

describe('ShardState', () => {
  test.each(budgets)('reads, roots and proofs do not depend on its caches: %p', async (cacheBytes) => {
    const batch = fc.uniqueArray(change, { selector: ({ index }) => index, minLength: 1, maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(fc.array(batch, { minLength: 2, maxLength: 8 }), async (batches) => {
        const { database, shard } = await openShard(cacheBytes);
        const reference = createMemoryBackend();
        let state: StateSnapshot = EMPTY_STATE;
        for (const list of batches) {
          const changes = changesOf(state, list);
          const layer = createLayer(state, changes);
          const written = createLayer(openState(shard, state.root), changes);
          expect(Array.from(written.nodes, ({ hash }) => bytesToHex(hash))).toEqual(
            Array.from(layer.nodes, ({ hash }) => bytesToHex(hash)),
          );
          const update = versioned(written, 1n);
          const operations = await shard.operations([update]);
          await database.writeUnseen(operations, () => shard.remember(update));
          reference.apply(layer);
          state = openState(reference, layer.root);
          const historic = openHistoricState(shard, written.root);
          for (let index = 0; index < ACCOUNTS; index += 3) {
            const address = addressOf(index);
            expect(shard.flatAccount(address)).toEqual(state.account(address));
            expect(shard.flatStorage(address, 1n)).toBe(state.storage(address, 1n));
            expect(historic.account(address)).toEqual(state.account(address));
          }
          const proof = proveAccount(historic, addressOf(0), [0n, 1n]);
          expect(proof).toEqual(proveAccount(state, addressOf(0), [0n, 1n]));
        }
        const all = Array.from({ length: ACCOUNTS }, (_, index) => addressOf(index));
        const accounts = new Map(all.map((address) => [address, shard.flatAccount(address)]));
        const storage = new Map(
          all
            .filter((address) => accounts.get(address) !== null)
            .map((address) => [
              address,
              new Map([0n, 1n, 2n, 3n].map((slot) => [slot, shard.flatStorage(address, slot)])),
            ]),
        );
        expect(genesisLayer({ accounts, storage, codes: new Map() }).root).toBe(state.root);
      }),
      { numRuns: 15 },
    );
  });
});

describe('several updates of one batch', () => {
  test.each(budgets)(
    'are as several batches, whatever the later ones do to the accounts of the earlier: %p',
    async (cacheBytes) => {
      const fewAccounts = change.map((one) => ({ ...one, index: one.index % 5 }));
      const list = fc.uniqueArray(fewAccounts, { selector: ({ index }) => index, minLength: 1, maxLength: 5 });
      const batch = fc.array(list, { minLength: 1, maxLength: 3 });
      await fc.assert(
        fc.asyncProperty(fc.array(batch, { minLength: 2, maxLength: 6 }), async (batches) => {
          const { database, shard } = await openShard(cacheBytes);
          const reference = createMemoryBackend();
          let state: StateSnapshot = EMPTY_STATE;
          for (const lists of batches) {
            const layers: StateLayer[] = [];
            for (const one of lists) {
              const before: StateSnapshot = layers.at(-1) ?? state;
              layers.push(createLayer(before, changesOf(before, one)));
            }
            const updates = layers.map((layer) => versioned(layer, 1n));
            const operations = await shard.operations(updates);
            await database.writeUnseen(operations, () => {
              for (const update of updates) shard.remember(update);
            });
            for (const layer of layers) reference.apply(layer);
            state = openState(reference, layers.at(-1)?.root ?? state.root);
            for (let index = 0; index < 5; index++) {
              const address = addressOf(index);
              expect(shard.flatAccount(address)).toEqual(state.account(address));
              for (let slot = 0n; slot < 4n; slot++) {
                expect(shard.flatStorage(address, slot)).toBe(state.storage(address, slot));
              }
            }
          }
          // No slot is left of an account that is gone.
          const stored = await database.entries(tableRange('slot'));
          const expected = Array.from({ length: 5 }, (_, index) => addressOf(index)).flatMap((address) =>
            [0n, 1n, 2n, 3n].filter((slot) => state.storage(address, slot) !== 0n),
          );
          expect(stored).toHaveLength(expected.length);
        }),
        { numRuns: 60 },
      );
    },
  );
});

describe('ByteCache', () => {
  test('holds at most its bytes, keeps what is asked for and forgets the rest', () => {
    const cache = new ByteCache<number>(100, (value) => value);
    for (let i = 0; i < 1000; i++) {
      cache.set('hot', 10);
      expect(cache.get('hot')).toBe(10);
      cache.set(`cold ${i}`, 10);
    }
    const kept = Array.from({ length: 1000 }, (_, i) => cache.get(`cold ${i}`)).filter((value) => value !== undefined);
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.length).toBeLessThanOrEqual(10);
    cache.set('hot', 10);
    cache.set('too large', 51);
    expect([cache.get('hot'), cache.get('too large')]).toEqual([10, undefined]);
    cache.set('hot', 51);
    expect(cache.get('hot')).toBeUndefined();
  });
});

describe('NodeCache', () => {
  test('keeps what is asked for and forgets the rest', () => {
    const cache = new NodeCache(40_000);
    const hashOf = (i: number): Uint8Array => keccak256(Uint8Array.of(i >> 8, i & 255));
    const hot = keccak256(Uint8Array.of(1));
    cache.add(hot, Uint8Array.of(7));
    for (let i = 0; i < 1000; i++) {
      cache.add(hashOf(i), new Uint8Array(100).fill(i));
      expect(cache.get(hot)).toEqual(Uint8Array.of(7));
    }
    const kept = Array.from({ length: 1000 }, (_, i) => i).filter((i) => cache.get(hashOf(i)) !== undefined);
    expect(kept.length).toBeGreaterThan(50);
    expect(kept.length).toBeLessThan(400);
  });
});
