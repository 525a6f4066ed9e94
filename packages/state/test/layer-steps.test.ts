import { createMPT } from '@ethereumjs/mpt';
import { bytesToHex } from '@heddle/primitives';
import {
  accountKey,
  createLayer,
  createLayerInSteps,
  encodeAccount,
  genesisLayer,
  type StateChanges,
  type StateLayer,
  type StateSnapshot,
} from '@heddle/state';
import { type Address, EMPTY_CODE_HASH, EMPTY_TRIE_ROOT } from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import { STEP_ENTRIES } from '../src/limits.ts';
import { addressOf } from './support/changes.ts';

const MANY: number = 4 * STEP_ENTRIES;

function balances(from: number, count: number, balance: bigint | null): StateChanges {
  const accounts = new Map<Address, { nonce: bigint; balance: bigint; codeHash: typeof EMPTY_CODE_HASH } | null>();
  for (let i = from; i < from + count; i++) {
    accounts.set(addressOf(i), balance === null ? null : { nonce: 1n, balance, codeHash: EMPTY_CODE_HASH });
  }
  return { accounts, storage: new Map(), codes: new Map() };
}

function slots(from: number, count: number, value: bigint): StateChanges {
  const list = Array.from({ length: count }, (_, i): [bigint, bigint] => [BigInt(from + i), value]);
  const account = { nonce: 1n, balance: 0n, codeHash: EMPTY_CODE_HASH };
  return {
    accounts: new Map([[addressOf(0), account]]),
    storage: new Map([[addressOf(0), new Map(list)]]),
    codes: new Map(),
  };
}

/** Runs the steps, doing something else in every pause. */
function inSteps(
  parent: StateSnapshot,
  changes: StateChanges,
  pause: () => void,
): { layer: StateLayer; pauses: number } {
  const steps = createLayerInSteps(parent, changes);
  for (let pauses = 0; ; pauses++) {
    const step = steps.next();
    if (step.done === true) return { layer: step.value, pauses };
    pause();
  }
}

const hashesOf = (layer: StateLayer): readonly string[] => Array.from(layer.nodes, ({ hash }) => bytesToHex(hash));

describe('createLayerInSteps', () => {
  test('pauses at least every so many entries and makes what createLayer makes, whatever runs in the pauses', () => {
    const states: readonly StateLayer[] = [
      genesisLayer(balances(0, 1, 5n)),
      genesisLayer(balances(0, MANY, 5n)),
      createLayer(genesisLayer(balances(0, MANY, 5n)), slots(0, MANY, 9n)),
      createLayer(genesisLayer(balances(0, 3, 5n)), slots(0, 1, 9n)),
    ];
    const lists = [balances(0, MANY, 6n), balances(10, MANY, null), slots(1, MANY, 3n), slots(0, MANY, 0n)];
    for (const state of states) {
      for (const changes of lists) {
        const expected = createLayer(state, changes);
        const { layer, pauses } = inSteps(state, changes, () => createLayer(state, balances(7, 2, 8n)));
        expect(layer.root).toBe(expected.root);
        expect(hashesOf(layer)).toEqual(hashesOf(expected));
        expect(pauses).toBeGreaterThanOrEqual(MANY / STEP_ENTRIES);
      }
    }
  });

  test('large batches give the root of @ethereumjs/mpt', async () => {
    const oracle = await createMPT();
    let state: StateSnapshot = genesisLayer(balances(0, 0, 0n));
    const set = async (from: number, count: number, balance: bigint | null): Promise<void> => {
      for (let i = from; i < from + count; i++) {
        const account = { nonce: 1n, balance: balance ?? 0n, codeHash: EMPTY_CODE_HASH, storageRoot: EMPTY_TRIE_ROOT };
        if (balance === null) await oracle.del(accountKey(addressOf(i)));
        else await oracle.put(accountKey(addressOf(i)), encodeAccount(account));
      }
      state = inSteps(state, balances(from, count, balance), () => {}).layer;
      expect(state.root).toBe(bytesToHex(oracle.root()));
    };
    await set(0, 2 * STEP_ENTRIES, 1n);
    await set(STEP_ENTRIES, 2 * STEP_ENTRIES, 2n);
    await set(0, 3 * STEP_ENTRIES - 1, null);
  });
});
