import { keccak256Hex } from '@heddle/primitives';

import { genesisLayer } from '@heddle/state';
import { type Address, EMPTY_CODE_HASH } from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import { overrideState } from '../src/engine/overridden-state.ts';
import type { StateOverride } from '../src/types.ts';

const CONTRACT: Address = `0x${'c0'.repeat(20)}`;
const NOBODY: Address = `0x${'00'.repeat(19)}99`;
const CODE = Uint8Array.of(0x60, 0x01);
const OTHER_CODE = Uint8Array.of(0x60, 0x02, 0x00);
const NOTHING: StateOverride = { balance: null, nonce: null, code: null, state: null, stateDiff: null };

const base = genesisLayer({
  accounts: new Map([[CONTRACT, { nonce: 3n, balance: 7n, codeHash: keccak256Hex(CODE) }]]),
  storage: new Map([
    [
      CONTRACT,
      new Map([
        [1n, 11n],
        [2n, 22n],
      ]),
    ],
  ]),
  codes: new Map([[keccak256Hex(CODE), CODE]]),
});

function overriding(address: Address, override: Partial<StateOverride>): ReturnType<typeof overrideState> {
  return overrideState(base, new Map([[address, { ...NOTHING, ...override }]]));
}

describe('an overridden state', () => {
  test('is the state itself when nothing is overridden', () => {
    expect(overrideState(base, new Map())).toBe(base);
  });

  test('shows what is overridden and leaves the rest', () => {
    const state = overriding(CONTRACT, { balance: 100n });
    expect(state.account(CONTRACT)).toEqual({ ...base.account(CONTRACT), balance: 100n });
    expect(state.storage(CONTRACT, 1n)).toBe(11n);
    expect(state.code(keccak256Hex(CODE))).toEqual(CODE);
    expect(overriding(CONTRACT, { nonce: 0n }).account(CONTRACT)?.nonce).toBe(0n);
    expect(overriding(CONTRACT, { balance: 0n }).account(CONTRACT)?.balance).toBe(0n);
  });

  test('gives an account that does not exist what it is said to have', () => {
    const state = overriding(NOBODY, { balance: 5n });
    expect(state.account(NOBODY)).toMatchObject({ balance: 5n, nonce: 0n, codeHash: EMPTY_CODE_HASH });
    expect(base.account(NOBODY)).toBeNull();
  });

  test('replaces code, the old one staying readable by its hash', () => {
    const state = overriding(CONTRACT, { code: OTHER_CODE });
    const codeHash = state.account(CONTRACT)?.codeHash ?? EMPTY_CODE_HASH;
    expect(codeHash).toBe(keccak256Hex(OTHER_CODE));
    expect(state.code(codeHash)).toEqual(OTHER_CODE);
    expect(state.code(keccak256Hex(CODE))).toEqual(CODE);
    expect(overriding(CONTRACT, { code: new Uint8Array() }).account(CONTRACT)?.codeHash).toBe(EMPTY_CODE_HASH);
  });

  test('stateDiff changes single slots', () => {
    const state = overriding(CONTRACT, {
      stateDiff: new Map([
        [2n, 0n],
        [3n, 33n],
      ]),
    });
    expect([1n, 2n, 3n, 4n].map((slot) => state.storage(CONTRACT, slot))).toEqual([11n, 0n, 33n, 0n]);
  });

  test('state replaces all slots', () => {
    const state = overriding(CONTRACT, { state: new Map([[3n, 33n]]) });
    expect([1n, 2n, 3n].map((slot) => state.storage(CONTRACT, slot))).toEqual([0n, 0n, 33n]);
    expect(overriding(CONTRACT, { state: new Map() }).storage(CONTRACT, 1n)).toBe(0n);
  });

  test('nothing is written through', () => {
    overriding(CONTRACT, { balance: 1n, nonce: 1n, code: OTHER_CODE, state: new Map() });
    expect(base.account(CONTRACT)).toMatchObject({ balance: 7n, nonce: 3n });
    expect(base.storage(CONTRACT, 1n)).toBe(11n);
  });
});
