import { bytesToHex, encodeUint, keccak256 } from '@heddle/primitives';
import { createSeededRandom } from '@heddle/runtime';
import { createLayer, EMPTY_STATE, type StateChanges, type StateLayer, type TrieDelta } from '@heddle/state';
import { createMemoryMedium } from '@heddle/storage';
import { type Address, EMPTY_CODE_HASH } from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { encodeQuantity } from '../src/codecs.ts';
import { Database } from '../src/database.ts';
import { metaKey, tableRange } from '../src/keys.ts';
import { PRUNED_EXTRA_NODES, REMOVED_PIECE_NODES } from '../src/limits.ts';
import { decodeRemoved, encodeRemoved } from '../src/removed-nodes.ts';
import { ShardState, versioned } from '../src/shard-state.ts';
import { NO_CACHES } from '../src/state-caches.ts';
import { StateWindow } from '../src/state-window.ts';

const addressOf = (index: number): Address => bytesToHex(keccak256(encodeUint(index)).subarray(12));
const hashesOf = (from: number, count: number): readonly Uint8Array[] =>
  Array.from({ length: count }, (_, index) => new Uint8Array(32).fill(from + index));

describe('lists of removed nodes', () => {
  test('hold every hash of every trie in their pieces, none of which is too long', () => {
    const sizes = fc.array(fc.oneof(fc.nat(3), fc.nat(2 * REMOVED_PIECE_NODES + 5)), { maxLength: 3 });
    fc.assert(
      fc.property(sizes, (counts) => {
        const tries = counts.map(
          (count, index): TrieDelta => ({
            owner: index === 1 ? null : addressOf(index),
            added: [],
            removed: hashesOf(index, count),
          }),
        );
        const pieces = encodeRemoved(tries).map(decodeRemoved);
        const read = new Map<string, Uint8Array[]>();
        for (const piece of pieces) {
          const size = piece.reduce((sum, { hashes }) => sum + hashes.length, 0);
          expect(size > 0 && size <= REMOVED_PIECE_NODES).toBe(true);
          for (const { owner, hashes } of piece) read.set(`${owner}`, [...(read.get(`${owner}`) ?? []), ...hashes]);
        }
        for (const { owner, removed } of tries) expect(read.get(`${owner}`) ?? []).toEqual([...removed]);
      }),
      { numRuns: 5 },
    );
  });
});

const ACCOUNTS = 2_000;

function balances(balance: bigint): StateChanges {
  const fields = { nonce: 1n, balance, codeHash: EMPTY_CODE_HASH };
  const accounts = new Map(Array.from({ length: ACCOUNTS }, (_, index) => [addressOf(index), fields]));
  return { accounts, storage: new Map(), codes: new Map() };
}

test('what a large block removed is deleted in steps of a bounded number of nodes, a backlog to its end', async () => {
  const database = await Database.open(createMemoryMedium(createSeededRandom(0)), 'k', {
    blocks: 0,
    writeBuffer: 0,
    openFiles: 0,
  });
  const state = new ShardState(database, 0, NO_CACHES, 1n);
  await database.write([{ type: 'put', key: metaKey('oldestState'), value: encodeQuantity(0n) }], false);
  const layers: StateLayer[] = [];
  for (let height = 1n; height <= 3n; height++) {
    const layer = createLayer(layers.at(-1) ?? EMPTY_STATE, balances(height));
    layers.push(layer);
    await database.write(await state.operations([versioned(layer, 2n * height)]), false);
  }
  const stored = async (): Promise<number> => (await database.entries(tableRange('node'))).length;
  // Every block replaces every node.
  const each = layers[2]?.nodes.size ?? 0;
  const window = new StateWindow(database, [state], 1);
  window.moveTo(3n, false);
  const counts = [await stored()];
  for (let step = 0; step < 8; step++) {
    await window.prune(0);
    counts.push(await stored());
  }
  expect(counts[0]).toBe(3 * each);
  expect(counts.at(-1)).toBe(each);
  const steps = counts.slice(1).map((count, index) => (counts[index] ?? 0) - count);
  expect(Math.max(...steps)).toBeLessThan(2 * REMOVED_PIECE_NODES + PRUNED_EXTRA_NODES);
  expect(steps.filter((step) => step > 0).length).toBeGreaterThan(2);
  expect(await database.entries(tableRange('removed'))).toEqual([]);
});
