import { concatBytes, hexToBytes, keccak256Hex } from '@heddle/primitives';
import { directorySlot, encodeDirectoryWord, home } from '@heddle/sharding';
import { type AccessList, type Address, DIRECTORY_ADDRESS, EMPTY_CODE_HASH } from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import { brokenLaws } from '../scripts/section-laws.ts';
import { create2Address, createAddress } from '../src/evm/creates.ts';
import { executeSection, type SectionOutcome } from '../src/index.ts';
import { addressOf } from './support/chunk-people.ts';
import { COUNTER, DESTROYER, FORWARDER, initCodeOf, REVERTER, wordOf } from './support/chunk-programs.ts';
import {
  ALICE,
  accessOf,
  BOB,
  COINBASE,
  SHARDS,
  sectionContext,
  statesWith,
  transact,
  wordOn,
} from './support/section-case.ts';
import { unsigned } from './support/unsigned.ts';

/** CREATE2 of the call data with salt 0 and the call value; reverts when that fails. */
const FACTORY = hexToBytes('0x365f5f375f365f34f5600f575f5ffd5b00');
/** As `FACTORY`, then reverts. */
const UNDOER = hexToBytes('0x365f5f375f365f34f5505f5ffd');
/** At home on both; `maker` resides on shard 1. */
const MAKER = addressOf(0, SHARDS, 1);
const SALT = new Uint8Array(32);
const WORD = encodeDirectoryWord(1, SHARDS);

/** Init code with a runtime of `COUNTER`, such that `MAKER`'s contract has its home on shard 0. */
const [INIT, CHILD] = initCodeWithHome(COUNTER);

function initCodeWithHome(runtime: Uint8Array): readonly [Uint8Array, Address] {
  for (let tail = 0; tail < 256; tail++) {
    const init = initCodeOf(concatBytes(runtime, Uint8Array.of(tail)));
    const address = create2Address(MAKER, SALT, init);
    if (home(address, SHARDS) === 0) return [init, address];
  }
  throw new Error('none of them has its home on shard 0');
}

function run(code: Uint8Array, data: Uint8Array, balances: ReadonlyMap<Address, bigint> = new Map()): SectionOutcome {
  const states = statesWith([{ address: MAKER, code, shard: 1 }], balances);
  const outcome = executeSection(sectionContext(), states, [transact({ from: BOB, to: MAKER, data })]);
  expect(brokenLaws(outcome, states)).toEqual([]);
  return outcome;
}

function words(outcome: SectionOutcome): readonly (bigint | undefined)[] {
  return [0, 1].map((shard) => wordOn(outcome, shard, DIRECTORY_ADDRESS, directorySlot(CHILD)));
}

describe('a contract that comes to life on another shard than its home', () => {
  test('resides with its creator, code and all, and is listed at both', () => {
    const outcome = run(FACTORY, INIT);
    expect(words(outcome)).toEqual([WORD, WORD]);
    const codeHash = outcome.changes[1]?.accounts.get(CHILD)?.codeHash ?? EMPTY_CODE_HASH;
    expect(outcome.changes.map(({ codes }) => [...codes.keys()])).toEqual([[], [codeHash]]);
    expect(keccak256Hex(outcome.changes[1]?.codes.get(codeHash) ?? new Uint8Array(0))).toBe(codeHash);
    expect(outcome.changes[0]?.accounts.has(CHILD)).toBe(false);
    expect(accessOf(outcome, 0, CHILD)).toBeUndefined();
    expect(accessOf(outcome, 1, CHILD)?.nonceChanges).toEqual([{ index: 1, nonce: 1n }]);
    const listed = [{ slot: directorySlot(CHILD), changes: [{ index: 1, value: WORD }] }];
    for (const shard of [0, 1]) expect(accessOf(outcome, shard, DIRECTORY_ADDRESS)?.storageChanges).toEqual(listed);
  });

  test('is found there by the next transaction and by the next section', () => {
    const states = statesWith([{ address: MAKER, code: FACTORY, shard: 1 }]);
    const create = transact({ from: BOB, to: MAKER, data: INIT });
    const call = transact({ from: ALICE, to: CHILD, value: 3n });
    const outcome = executeSection(sectionContext(), states, [create, call]);
    expect(outcome.executed.map(({ receipt }) => [receipt.status, receipt.logs.length])).toEqual([
      [1, 0],
      [1, 1],
    ]);
    expect(wordOn(outcome, 1, CHILD, 0n)).toBe(1n);
    expect(outcome.changes[1]?.accounts.get(CHILD)?.balance).toBe(3n);
  });

  test.each([
    ['a revert', UNDOER, INIT],
    ['a failing init code', FACTORY, hexToBytes('0x5f5ffd')],
  ])('is listed nowhere after %s', (_name, code, init) => {
    const outcome = run(code, init);
    expect(outcome.executed[0]?.receipt.status).toBe(0);
    expect(outcome.changes.some(({ storage }) => storage.has(DIRECTORY_ADDRESS))).toBe(false);
  });

  test('nor after it destroyed itself in the same transaction', () => {
    const [init, address] = [...Array(64).keys()]
      .map((tail) => concatBytes(hexToBytes('0x33ff'), Uint8Array.of(tail)))
      .map((code) => [code, create2Address(MAKER, SALT, code)] as const)
      .find(([, candidate]) => home(candidate, SHARDS) === 0) ?? [INIT, CHILD];
    const outcome = run(FACTORY, init, new Map([[address, 50n]]));
    expect(outcome.executed[0]?.receipt.status).toBe(1);
    expect(outcome.changes.some(({ storage }) => storage.has(DIRECTORY_ADDRESS))).toBe(false);
    // What waited at home went to the creator.
    expect(outcome.changes[0]?.accounts.get(address)).toBeNull();
    expect(outcome.changes[1]?.accounts.get(MAKER)?.balance).toBe(50n);
    expect(accessOf(outcome, 0, address)?.balanceChanges).toEqual([{ index: 1, balance: 0n }]);
    expect(accessOf(outcome, 1, address)).toBeUndefined();
  });

  test('at its home it needs no listing', () => {
    const states = statesWith([]);
    const create = transact({ from: ALICE, to: null, data: INIT });
    const outcome = executeSection(sectionContext(), states, [create]);
    const address = createAddress(ALICE, 0n);
    const isAtHome = home(address, SHARDS) === 0;
    expect(outcome.changes.some(({ storage }) => storage.has(DIRECTORY_ADDRESS))).toBe(!isAtHome);
    expect(outcome.executed[0]).toMatchObject({ contractAddress: address, isLocal: isAtHome });
  });
});

describe('wei that waits at home', () => {
  const funded = new Map([[CHILD, 77n]]);

  test('moves with the account, which both access lists tell', () => {
    const outcome = run(FACTORY, INIT, funded);
    expect(outcome.changes[0]?.accounts.get(CHILD)).toBeNull();
    expect(outcome.changes[1]?.accounts.get(CHILD)?.balance).toBe(77n);
    expect(accessOf(outcome, 0, CHILD)).toMatchObject({
      balanceChanges: [{ index: 1, balance: 0n }],
      nonceChanges: [],
    });
    expect(accessOf(outcome, 1, CHILD)?.balanceChanges).toEqual([{ index: 1, balance: 77n }]);
  });

  test('what earlier transactions did is listed at home, what later ones do at the residence', () => {
    const states = statesWith([{ address: MAKER, code: FACTORY, shard: 1 }], funded);
    const outcome = executeSection(sectionContext(), states, [
      transact({ from: ALICE, to: CHILD, value: 1n }),
      transact({ from: BOB, to: MAKER, data: INIT }),
      transact({ from: ALICE, to: CHILD, value: 2n, nonce: 1n }),
    ]);
    expect(brokenLaws(outcome, states)).toEqual([]);
    expect(accessOf(outcome, 0, CHILD)?.balanceChanges).toEqual([
      { index: 1, balance: 78n },
      { index: 2, balance: 0n },
    ]);
    expect(accessOf(outcome, 1, CHILD)?.balanceChanges).toEqual([
      { index: 2, balance: 78n },
      { index: 3, balance: 80n },
    ]);
  });

  test('stays after a revert', () => {
    const outcome = run(UNDOER, INIT, funded);
    expect(outcome.changes.some(({ accounts }) => accounts.has(CHILD))).toBe(false);
    expect(accessOf(outcome, 0, CHILD)).toMatchObject({ balanceChanges: [] });
    expect(accessOf(outcome, 1, CHILD)).toBeUndefined();
  });
});

describe('what every shard has of its own', () => {
  test.each([0, 1])('is that of the calling frame’s account, here on shard %i', (shard) => {
    const address = addressOf(0, SHARDS, 5);
    const states = statesWith([{ address, code: DESTROYER, shard, balance: 6n }]);
    const call = transact({ from: shard === 0 ? BOB : ALICE, to: address, data: wordOf(DIRECTORY_ADDRESS) });
    const outcome = executeSection(sectionContext(), states, [call]);
    expect(outcome.changes[shard]?.accounts.get(DIRECTORY_ADDRESS)?.balance).toBe(6n);
    expect(accessOf(outcome, shard, DIRECTORY_ADDRESS)).toBeDefined();
    expect(accessOf(outcome, 1 - shard, DIRECTORY_ADDRESS)).toBeUndefined();
    expect(brokenLaws(outcome, states)).toEqual([]);
  });

  test('changes with the frames, there and back', () => {
    const directory = DIRECTORY_ADDRESS.slice(2);
    const near = addressOf(0, SHARDS, 8);
    const far = addressOf(0, SHARDS, 9);
    const states = statesWith([
      // Calls its argument, then BALANCE of the directory.
      { address: near, code: hexToBytes(`0x5f5f5f5f5f5f355af15073${directory}3100`), shard: 0 },
      { address: far, code: hexToBytes(`0x73${directory}ff`), shard: 1, balance: 6n },
    ]);
    const outcome = executeSection(sectionContext(), states, [transact({ from: ALICE, to: near, data: wordOf(far) })]);
    expect(outcome.changes[1]?.accounts.get(DIRECTORY_ADDRESS)?.balance).toBe(6n);
    expect(accessOf(outcome, 0, DIRECTORY_ADDRESS)).toMatchObject({ balanceChanges: [] });
  });

  test.each([
    ['ALICE', ALICE, 0],
    ['BOB', BOB, 1],
  ])('for a transaction its sender’s: %s', (_name, from, shard) => {
    const outcome = executeSection(sectionContext(), statesWith([]), [transact({ from, to: DIRECTORY_ADDRESS })]);
    expect(accessOf(outcome, shard, DIRECTORY_ADDRESS)).toBeDefined();
    expect(accessOf(outcome, 1 - shard, DIRECTORY_ADDRESS)).toBeUndefined();
  });

  test.each([
    [0, 100],
    [1, 2_600],
  ])('is warmed by an access list as the sender sees it: BALANCE on shard %i costs %i', (shard, price) => {
    const address = addressOf(0, SHARDS, 6);
    const states = statesWith([{ address, code: hexToBytes('0x5f353100'), shard }]);
    const gasOf = (accessList: AccessList, nonce: bigint): bigint => {
      const call = { sender: ALICE, to: address, data: wordOf(DIRECTORY_ADDRESS), accessList, nonce };
      // An earlier transaction that met it makes no difference.
      const before = nonce === 0n ? [] : [transact({ from: ALICE, to: DIRECTORY_ADDRESS })];
      return executeSection(sectionContext(), states, [...before, unsigned(call)]).executed.at(-1)?.gasUsed ?? 0n;
    };
    const named = [{ address: DIRECTORY_ADDRESS, storageKeys: [] }];
    for (const nonce of [0n, 1n]) expect(gasOf(named, nonce) - gasOf([], nonce)).toBe(BigInt(2_400 + price - 2_600));
  });
});

describe('access lists', () => {
  test('have each account on the shard where it resides', () => {
    const remote = addressOf(0, SHARDS, 7);
    const states = statesWith([
      { address: MAKER, code: FORWARDER, shard: 1 },
      { address: remote, code: REVERTER, shard: 1 },
    ]);
    const call = transact({ from: ALICE, to: MAKER, value: 4n, data: wordOf(remote) });
    const outcome = executeSection(sectionContext(), states, [call]);
    expect(outcome.accessLists.map((list) => list.map(({ address }) => address))).toEqual([
      [ALICE, COINBASE].sort(),
      [MAKER, remote].sort(),
    ]);
  });
});
