import { BEACON_ROOTS_CODE, HISTORY_STORAGE_CODE } from '@heddle/contracts';
import { bigintToBytes } from '@heddle/primitives';
import { type Address, BEACON_ROOTS_ADDRESS, HISTORY_STORAGE_ADDRESS } from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { systemCall, type World } from '../src/index.ts';
import { writeRing } from '../src/transaction/ring-write.ts';
import { callInEvm } from '../src/transaction/system-call.ts';
import { environment, testWorld } from './support/evm-world.ts';

interface Call {
  readonly number: bigint;
  readonly timestamp: bigint;
  /** Of few values, so that a place gets again what it has. */
  readonly word: bigint;
}

const u64 = { min: 0n, max: 2n ** 64n - 1n };
/** Numbers and times that meet each other's places, and any others. */
const nearby = fc.oneof(fc.bigInt({ min: 0n, max: 4n }), fc.bigInt({ min: 8_188n, max: 8_195n }), fc.bigInt(u64));
const word = fc.oneof(fc.bigInt({ min: 0n, max: 2n }), fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }));
const calls = fc.array(fc.record<Call>({ number: nearby, timestamp: nearby, word }), { minLength: 1, maxLength: 8 });
const contract = fc.constantFrom<readonly [Address, string]>(
  [HISTORY_STORAGE_ADDRESS, HISTORY_STORAGE_CODE],
  [BEACON_ROOTS_ADDRESS, BEACON_ROOTS_CODE],
);

type Way = typeof systemCall;

/** As a system call, but that the code always runs. */
const inEvm: Way = (world, block, account, data) => {
  world.beginTransactionScope();
  callInEvm(world, block, account, data);
  world.finishTransaction();
  world.beginTransactionScope();
};

/** What the calls leave, two at an index, on an account that has some words already. */
function left(way: Way, [address, code]: readonly [Address, string], made: readonly Call[]): unknown {
  const world: World = testWorld({
    [address]: { nonce: 1n, code, storage: { '0': 1n, '1': 2n, '8191': 2n, '8192': 1n } },
  });
  for (const [place, { number, timestamp, word }] of made.entries()) {
    world.beginIndex(1 + Math.floor(place / 2));
    way(world, { ...environment, number, timestamp }, world.account(address), bigintToBytes(word, 32));
  }
  return { accessList: world.accessList(), changes: world.changes() };
}

describe('rings of EIP-2935 and EIP-4788', () => {
  test('what is written without the EVM is what the code writes: values, changes and what counts as read', () => {
    fc.assert(
      fc.property(contract, calls, (known, made) => {
        expect(left(systemCall, known, made)).toEqual(left(inEvm, known, made));
      }),
    );
  });

  test('other code is run, wherever it stands, and so is a call of another length', () => {
    fc.assert(
      fc.property(contract, fc.nat({ max: 82 }), fc.integer({ min: 1, max: 255 }), ([address, code], at, flip) => {
        const bytes = Buffer.from(code.slice(2), 'hex');
        bytes[at] = (bytes[at] ?? 0) ^ flip;
        const world = testWorld({ [address]: { nonce: 1n, code: `0x${bytes.toString('hex')}` } });
        expect(writeRing(world, environment, world.account(address), new Uint8Array(32))).toBe(false);
        expect(
          world.accessList().flatMap(({ storageChanges, storageReads }) => [...storageChanges, ...storageReads]),
        ).toEqual([]);
      }),
    );
    const world = testWorld({ [HISTORY_STORAGE_ADDRESS]: { nonce: 1n, code: HISTORY_STORAGE_CODE } });
    expect(writeRing(world, environment, world.account(HISTORY_STORAGE_ADDRESS), new Uint8Array(31))).toBe(false);
  });

  test('it is told by the code, whatever the address', () => {
    const world = testWorld({ [BEACON_ROOTS_ADDRESS]: { nonce: 1n, code: HISTORY_STORAGE_CODE } });
    expect(writeRing(world, environment, world.account(BEACON_ROOTS_ADDRESS), bigintToBytes(5n, 32))).toBe(true);
    expect(world.storage(BEACON_ROOTS_ADDRESS, environment.number - 1n)).toBe(5n);
  });
});
