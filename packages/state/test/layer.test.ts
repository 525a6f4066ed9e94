import { keccak256Hex } from '@heddle/primitives';
import {
  createLayer,
  createMemoryBackend,
  EMPTY_STATE,
  genesisLayer,
  openHistoricState,
  openState,
  type StateChanges,
  type StateReader,
  type StateSnapshot,
} from '@heddle/state';
import { type Address, EMPTY_CODE_HASH, EMPTY_TRIE_ROOT } from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ACCOUNT_COUNT, addressOf, SLOT_COUNT, stateChanges } from './support/changes.ts';

/** Everything that can be read of the accounts and slots that `stateChanges` touches. */
function readAll(state: StateReader): unknown {
  return Array.from({ length: ACCOUNT_COUNT }, (_, index) => {
    const address = addressOf(index);
    const account = state.account(address);
    const code = account === null ? null : state.code(account.codeHash).join();
    const slots = Array.from({ length: Number(SLOT_COUNT) }, (_unused, slot) => state.storage(address, BigInt(slot)));
    return { account, code, slots };
  });
}

const reverse = (changes: StateChanges): StateChanges => ({
  accounts: new Map([...changes.accounts].reverse()),
  storage: new Map([...changes.storage].reverse().map(([address, slots]) => [address, new Map([...slots].reverse())])),
  codes: new Map([...changes.codes].reverse()),
});

function setBalance(
  address: Address,
  balance: bigint,
  slots: readonly (readonly [bigint, bigint])[] = [],
): StateChanges {
  const account = { nonce: 1n, balance, codeHash: EMPTY_CODE_HASH };
  return { accounts: new Map([[address, account]]), storage: new Map([[address, new Map(slots)]]), codes: new Map() };
}

describe('createLayer', () => {
  test('layers, flat state, historic state and one built at once agree', () => {
    fc.assert(
      fc.property(fc.array(stateChanges, { minLength: 1, maxLength: 20 }), (list) => {
        const backend = createMemoryBackend();
        let state: StateSnapshot = EMPTY_STATE;
        const seen: { readonly root: StateSnapshot['root']; readonly all: unknown }[] = [];
        for (const changes of list) {
          const layer = createLayer(state, changes);
          backend.apply(layer);
          expect(readAll(layer)).toEqual(readAll(openState(backend, layer.root)));
          expect(createLayer(state, reverse(changes)).root).toBe(layer.root);
          seen.push({ root: layer.root, all: readAll(layer) });
          state = layer;
        }
        for (const { root, all } of seen) expect(readAll(openHistoricState(backend, root))).toEqual(all);
        expect(genesisLayer(everything(openState(backend, state.root))).root).toBe(state.root);
      }),
      { numRuns: 60 },
    );
  });

  test('storage of an account whose fields do not change changes its root', () => {
    const address = addressOf(1);
    const first = genesisLayer(setBalance(address, 5n, [[1n, 2n]]));
    const slots = new Map([[address, new Map([[7n, 8n]])]]);
    const second = createLayer(first, { accounts: new Map(), storage: slots, codes: new Map() });
    const expected = genesisLayer(
      setBalance(address, 5n, [
        [7n, 8n],
        [1n, 2n],
      ]),
    );
    expect(second.root).toBe(expected.root);
    expect(second.storageRoots.get(address)).toBe(expected.storageRoots.get(address));
    expect(second.account(address)).toEqual(expected.account(address));
  });

  test('a deleted account loses its storage, also when it comes back', () => {
    const address = addressOf(1);
    const first = genesisLayer(setBalance(address, 5n, [[1n, 2n]]));
    const gone = createLayer(first, { accounts: new Map([[address, null]]), storage: new Map(), codes: new Map() });
    expect(gone.root).toBe(EMPTY_TRIE_ROOT);
    expect([gone.account(address), gone.storage(address, 1n)]).toEqual([null, 0n]);
    const back = createLayer(gone, setBalance(address, 6n, [[2n, 3n]]));
    expect([back.storage(address, 1n), back.storage(address, 2n)]).toEqual([0n, 3n]);
    expect(back.root).toBe(genesisLayer(setBalance(address, 6n, [[2n, 3n]])).root);
  });

  test('refuses storage of an account that does not exist', () => {
    const slots = (value: bigint): StateChanges => ({
      accounts: new Map(),
      storage: new Map([[addressOf(1), new Map([[1n, value]])]]),
      codes: new Map(),
    });
    expect(() => createLayer(EMPTY_STATE, slots(1n))).toThrow('storage is written only to accounts that exist');
    expect(createLayer(EMPTY_STATE, slots(0n)).root).toBe(EMPTY_TRIE_ROOT);
  });
});

describe('chains of layers', () => {
  test('deep chains read right, before and after rebasing from below', () => {
    fc.assert(
      fc.property(fc.array(stateChanges, { minLength: 18, maxLength: 40 }), (list) => {
        const backend = createMemoryBackend();
        const expected: unknown[] = [];
        const layers = [genesisLayer({ accounts: new Map(), storage: new Map(), codes: new Map() })];
        for (const changes of list) {
          const layer = createLayer(layers.at(-1) ?? EMPTY_STATE, changes);
          layers.push(layer);
          expected.push(readAll(layer));
        }
        for (const [index, final] of layers.entries()) {
          backend.apply(final);
          layers[index + 1]?.rebase(openState(backend, final.root));
          for (const at of [index + 1, index + 2, index + 9, layers.length - 1]) {
            const layer = layers[at];
            if (layer !== undefined && at > index) expect(readAll(layer)).toEqual(expected[at - 1]);
          }
        }
      }),
      { numRuns: 12 },
    );
  });

  test('rebasing onto another state than the parent is a bug', () => {
    const layer = createLayer(genesisLayer(setBalance(addressOf(1), 1n)), setBalance(addressOf(1), 2n));
    expect(() => layer.on(EMPTY_STATE)).toThrow('a layer stands on the state of its parent');
    expect(() => layer.rebase(EMPTY_STATE)).toThrow('a layer is rebased onto the state of its parent');
  });
});

describe('what is not stored', () => {
  test('has typed errors', () => {
    const hash = keccak256Hex(Uint8Array.of(1));
    const state = openHistoricState(createMemoryBackend(), hash);
    expect(() => state.account(addressOf(1))).toThrow(
      expect.objectContaining({ code: 'MISSING_NODE', facts: expect.objectContaining({ hash }) }),
    );
    expect(() => state.code(hash)).toThrow(
      expect.objectContaining({ code: 'MISSING_CODE', facts: expect.objectContaining({ codeHash: hash }) }),
    );
    expect(EMPTY_STATE.code(EMPTY_CODE_HASH)).toEqual(new Uint8Array(0));
  });
});

/** The whole state as one change. */
function everything(state: StateReader): StateChanges {
  const accounts = new Map();
  const storage = new Map();
  for (let index = 0; index < ACCOUNT_COUNT; index++) {
    const account = state.account(addressOf(index));
    if (account === null) continue;
    accounts.set(addressOf(index), account);
    const slots = new Map<bigint, bigint>();
    for (let slot = 0n; slot < SLOT_COUNT; slot++) slots.set(slot, state.storage(addressOf(index), slot));
    storage.set(addressOf(index), slots);
  }
  return { accounts, storage, codes: new Map() };
}
