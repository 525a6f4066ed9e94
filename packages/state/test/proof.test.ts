import { verifyMerkleProof } from '@ethereumjs/mpt';
import { hexToBytes } from '@heddle/primitives';
import {
  accountKey,
  decodeAccount,
  genesisLayer,
  proveAccount,
  slotKey,
  verifyAccountProof,
  verifyProof,
  verifyStorageProof,
} from '@heddle/state';
import { EMPTY_CODE_HASH, EMPTY_TRIE_ROOT } from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import { addressOf } from './support/changes.ts';

const COUNT = 200;
const state = genesisLayer({
  accounts: new Map(
    Array.from({ length: COUNT }, (_, i) => [
      addressOf(i),
      { nonce: BigInt(i), balance: 1n, codeHash: EMPTY_CODE_HASH },
    ]),
  ),
  // Small values make storage nodes short enough to be embedded in their parents.
  storage: new Map([[addressOf(3), new Map(Array.from({ length: 60 }, (_, i) => [BigInt(i), BigInt(i + 1)]))]]),
  codes: new Map(),
});
const slots = [0n, 7n, 59n, 60n, 2n ** 255n];

describe('proveAccount', () => {
  test('proves accounts and slots that are there and that are not', () => {
    for (const index of [0, 3, 99, COUNT - 1, COUNT, COUNT + 50]) {
      const address = addressOf(index);
      const { account, accountProof, storageProofs } = proveAccount(state, address, slots);
      expect(account).toEqual(state.account(address));
      expect(verifyAccountProof(state.root, address, accountProof)).toEqual(account);
      for (const { slot, value, proof } of storageProofs) {
        expect(value).toBe(state.storage(address, slot));
        expect(verifyStorageProof(account?.storageRoot ?? EMPTY_TRIE_ROOT, slot, proof)).toBe(value);
      }
    }
  });

  test('@ethereumjs/mpt accepts the proofs', async () => {
    for (const index of [0, 3, COUNT + 50]) {
      const { accountProof, account, storageProofs } = proveAccount(state, addressOf(index), slots);
      const value = await verifyMerkleProof(accountKey(addressOf(index)), [...accountProof]);
      expect(value === null ? null : decodeAccount(value)).toEqual(account);
      if (account?.storageRoot === EMPTY_TRIE_ROOT || account === null) continue;
      for (const { slot, proof, value: expected } of storageProofs) {
        expect(proof.length).toBeGreaterThan(0);
        const found = await verifyMerkleProof(slotKey(slot), [...proof]);
        expect(found === null).toBe(expected === 0n);
      }
    }
  });

  test('an empty trie is proven by nothing', () => {
    const { storageProofs } = proveAccount(state, addressOf(0), [1n]);
    expect(storageProofs[0]?.proof).toEqual([]);
    expect(verifyProof(EMPTY_TRIE_ROOT, slotKey(1n), [])).toBe(null);
  });
});

describe('verifyProof', () => {
  const { accountProof } = proveAccount(state, addressOf(3), []);
  const key = accountKey(addressOf(3));

  test('refuses a proof with any byte changed, a node missing or a node too many', () => {
    for (const [index, node] of accountProof.entries()) {
      for (let at = 0; at < node.length; at += 13) {
        const changed = Uint8Array.from(node, (byte, i) => (i === at ? byte ^ 1 : byte));
        const proof = accountProof.with(index, changed);
        expect(() => verifyProof(state.root, key, proof)).toThrow(expect.objectContaining({ code: 'INVALID_PROOF' }));
      }
      expect(() => verifyProof(state.root, key, accountProof.toSpliced(index, 1))).toThrow('invalid proof');
    }
    expect(() => verifyProof(state.root, key, [...accountProof, Uint8Array.of(0xc0)])).toThrow('invalid proof');
    expect(() => verifyProof(state.root, key, [...accountProof, ...accountProof.slice(0, 1)])).toThrow('invalid proof');
  });

  test('refuses a proof under another root', () => {
    const root = genesisLayer({ accounts: new Map(), storage: new Map(), codes: new Map() }).root;
    expect(() => verifyProof(root, key, accountProof)).toThrow('invalid proof');
    expect(hexToBytes(root).length).toBe(32);
  });
});
