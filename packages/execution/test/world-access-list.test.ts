import { hexToBytes } from '@heddle/primitives';
import type { AccountAccess, Address } from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import { executeTransaction, type World } from '../src/index.ts';
import { COINBASE, CONTRACT, environment, SENDER, type TestState, testWorld } from './support/evm-world.ts';
import { unsigned } from './support/unsigned.ts';

const A: Address = '0xa000000000000000000000000000000000000000';
const B: Address = '0xb000000000000000000000000000000000000000';

function entry(world: World, address: Address): AccountAccess | undefined {
  return world.accessList().find((account) => account.address === address);
}

/** Runs `code` once at index 1 and gives the recorded list. */
function record(code: string, state: TestState = {}, gasLimit = 1_000_000n): World {
  const world = testWorld({ [SENDER]: { balance: 10n ** 18n }, [CONTRACT]: { code, nonce: 1n }, ...state });
  executeTransaction(world, environment, unsigned({ gasLimit, to: CONTRACT }));
  return world;
}

describe('block access list (EIP-7928)', () => {
  test('lists post-values per index, sorted, and what was only read without a change', () => {
    const world = testWorld({ [A]: { balance: 5n }, [B]: { balance: 1n, storage: { 7: 70n, 9: 90n } } });
    world.setStorage(B, 9n, 1n);
    world.addBalance(A, 3n);
    world.beginIndex(2);
    world.setStorage(B, 9n, 2n);
    world.setStorage(B, 3n, 30n);
    world.storage(B, 7n);
    world.beginIndex(70_000);
    world.subtractBalance(A, 8n);
    expect(world.accessList()).toEqual([
      {
        address: A,
        storageChanges: [],
        storageReads: [],
        balanceChanges: [
          { index: 1, balance: 8n },
          { index: 70_000, balance: 0n },
        ],
        nonceChanges: [],
        codeChanges: [],
      },
      {
        address: B,
        storageChanges: [
          { slot: 3n, changes: [{ index: 2, value: 30n }] },
          {
            slot: 9n,
            changes: [
              { index: 1, value: 1n },
              { index: 2, value: 2n },
            ],
          },
        ],
        storageReads: [7n],
        balanceChanges: [],
        nonceChanges: [],
        codeChanges: [],
      },
    ]);
  });

  test('a write that changes nothing, or is put back within the index, is a read', () => {
    const world = testWorld({ [B]: { balance: 1n, storage: { 7: 70n } } });
    world.setStorage(B, 7n, 70n);
    world.setStorage(B, 8n, 1n);
    world.setStorage(B, 8n, 0n);
    world.addBalance(B, 4n);
    world.subtractBalance(B, 4n);
    expect(entry(world, B)).toMatchObject({ storageChanges: [], storageReads: [7n, 8n], balanceChanges: [] });
    expect(world.changes().accounts.size).toBe(0);
  });

  test('reverted writes stay as reads', () => {
    const world = testWorld({});
    const mark = world.snapshot();
    world.setStorage(B, 1n, 1n);
    world.addBalance(A, 1n);
    world.setCode(A, hexToBytes('0x00'));
    world.revertTo(mark);
    expect(world.accessList().map((account) => account.address)).toEqual([A, B]);
    expect(entry(world, B)).toMatchObject({ storageReads: [1n], storageChanges: [] });
    expect(entry(world, A)).toMatchObject({ balanceChanges: [], codeChanges: [] });
    expect(world.changes()).toEqual({ accounts: new Map(), storage: new Map(), codes: new Map() });
  });

  test('sender, target and coinbase are listed; an access list of the transaction alone is not', () => {
    const world = testWorld({ [SENDER]: { balance: 10n ** 18n } });
    const accessList = [{ address: B, storageKeys: [`0x${'00'.repeat(32)}`] as const }];
    executeTransaction(world, environment, unsigned({ to: A, value: 1n, accessList }));
    expect(world.accessList().map((account) => account.address)).toEqual([SENDER, A, COINBASE].sort());
  });

  test('an access that gas cannot pay is not listed; one that is paid is, though the frame fails', () => {
    // BALANCE(A) needs 2,600; INVALID follows.
    const code = `0x73${A.slice(2)}31fe`;
    expect(entry(record(code, {}, 21_000n + 2_602n), A)).toBeUndefined();
    expect(entry(record(code, {}, 21_000n + 2_603n), A)).toBeDefined();
    // SLOAD(5) needs 2,100.
    expect(entry(record('0x600554', {}, 21_000n + 2_102n), CONTRACT)?.storageReads).toEqual([]);
    expect(entry(record('0x600554', {}, 21_000n + 2_103n), CONTRACT)?.storageReads).toEqual([5n]);
    // SSTORE(5, 1) reads once more than the stipend is left, though it cannot pay.
    expect(entry(record('0x6001600555', {}, 21_000n + 6n + 2_300n), CONTRACT)?.storageReads).toEqual([]);
    expect(entry(record('0x6001600555', {}, 21_000n + 6n + 2_301n), CONTRACT)?.storageReads).toEqual([5n]);
  });

  test('a call that cannot pay for its value does not list the target', () => {
    const code = `0x5f5f5f5f600173${A.slice(2)}5ff1`;
    const paid = 21_000n + 16n + 2_600n;
    expect(entry(record(code, { [CONTRACT]: { code, nonce: 1n, balance: 9n } }, paid + 8_999n), A)).toBeUndefined();
    expect(entry(record(code, { [CONTRACT]: { code, nonce: 1n, balance: 9n } }, paid + 9_000n), A)).toBeDefined();
  });

  test('a contract created and destroyed in one transaction leaves reads only', () => {
    // CREATE with init code: SSTORE(1, 1), SELFDESTRUCT(A)
    const init = `60015f555f600155${'73'}${A.slice(2)}ff`;
    const bytes = init.length / 2;
    const code = `0x7f${init.slice(0, 64).padEnd(64, '0')}5f5260${bytes.toString(16)}5f5ff000`;
    const world = record(code);
    const created = world.accessList().filter(({ address }) => ![SENDER, A, CONTRACT, COINBASE].includes(address));
    expect(created).toHaveLength(1);
    expect(created[0]).toMatchObject({ storageChanges: [], storageReads: [0n, 1n], nonceChanges: [], codeChanges: [] });
  });

  test('indices ascend and fit 32 bits', () => {
    const world = testWorld({});
    world.beginIndex(2 ** 32 - 1);
    expect(() => world.beginIndex(5)).toThrow(expect.objectContaining({ code: 'IMPOSSIBLE_STATE' }));
    expect(() => testWorld({}).beginIndex(2 ** 32)).toThrow(expect.objectContaining({ code: 'IMPOSSIBLE_STATE' }));
  });
});

describe('changes', () => {
  test('an account that ends empty is deleted, one that never was is left out (EIP-161)', () => {
    const world = testWorld({ [A]: { balance: 5n } });
    world.subtractBalance(A, 5n);
    world.addBalance(B, 0n);
    expect([...world.changes().accounts]).toEqual([[A, null]]);
  });

  test('storage alone makes the account part of the changes', () => {
    const world = testWorld({ [A]: { nonce: 1n, storage: { 1: 1n } } });
    world.setStorage(A, 1n, 0n);
    const changes = world.changes();
    expect(changes.accounts.get(A)).toMatchObject({ nonce: 1n });
    expect(changes.storage.get(A)).toEqual(new Map([[1n, 0n]]));
  });

  test('new code is handed over once, by hash', () => {
    const world = testWorld({});
    world.setNonce(A, 1n);
    world.setCode(A, hexToBytes('0x5f'));
    world.setCode(A, hexToBytes('0x6000'));
    expect([...world.changes().codes]).toEqual([[world.codeHash(A), hexToBytes('0x6000')]]);
  });

  test('the unrecorded view shows current values and records nothing', () => {
    const world = testWorld({ [A]: { balance: 5n, storage: { 1: 1n } } });
    expect(world.unrecorded.account(A)?.balance).toBe(5n);
    expect(world.unrecorded.storage(A, 1n)).toBe(1n);
    expect(world.accessList()).toEqual([]);
    world.setStorage(A, 1n, 2n);
    world.addBalance(A, 1n);
    expect(world.unrecorded.storage(A, 1n)).toBe(2n);
    expect(world.unrecorded.account(A)?.balance).toBe(6n);
  });
});
