import { hexToBytes } from '@heddle/primitives';
import type { Address } from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import { compareInterpreters } from '../scripts/compare-interpreters.ts';

const TARGET: Address = '0x00000000000000000000000000000000000c0de1';
const CALLEE: Address = '0x00000000000000000000000000000000000c0de2';

interface Run {
  readonly gas?: number;
  readonly isStatic?: boolean;
  readonly callee?: string;
}

/** Runs `code` by single steps and by blocks; they must not differ. Says how it ended and what is in the access list. */
function run(
  code: string,
  { gas = 100_000, isStatic = false, callee = '00' }: Run = {},
): {
  readonly ending: string;
  readonly reads: readonly string[];
  readonly listed: readonly Address[];
} {
  const codes = new Map([
    [TARGET, hexToBytes(`0x${code}`)],
    [CALLEE, hexToBytes(`0x${callee}`)],
  ]);
  const compared = compareInterpreters({ codes, to: TARGET, input: new Uint8Array(0), gas, isStatic });
  expect(compared.differences).toEqual([]);
  const { list } = JSON.parse(compared.expected);
  const target = list.find((account: { address: Address }) => account.address === TARGET);
  return {
    ending: compared.ending,
    reads: target.storageReads,
    listed: list.map((account: { address: Address }) => account.address),
  };
}

/** With each of these amounts of gas, by amount. */
function sweep(
  code: string,
  amounts: readonly number[],
  options: Run = {},
): ReadonlyMap<number, ReturnType<typeof run>> {
  return new Map(amounts.map((gas) => [gas, run(code, { ...options, gas })]));
}

/** 0 … 40, and as many below and above `border`. */
function around(border: number): readonly number[] {
  return [...Array(41).keys(), ...Array.from({ length: 81 }, (_, index) => border - 40 + index)];
}

describe('blocks', () => {
  test('gas that ends before an SLOAD leaves the slot unread, gas that ends behind it does not', () => {
    // PUSH1 1, PUSH1 2, ADD, POP, PUSH1 7, SLOAD (cold: 2,100), POP, PUSH0, PUSH0, ADD, STOP
    const border = 3 + 3 + 3 + 2 + 3 + 2_100;
    for (const [gas, { reads, ending }] of sweep('600160020150600754505f5f0100', around(border))) {
      expect([gas, reads.length]).toEqual([gas, gas < border ? 0 : 1]);
      expect([gas, ending]).toEqual([gas, gas < border + 2 + 2 + 2 + 3 ? 'out of gas' : 'returned']);
    }
  });

  test('gas that ends before a BALANCE or a call leaves the account unlisted', () => {
    const balance = 3 + 2_600;
    for (const [gas, { listed }] of sweep(`73${CALLEE.slice(2)}31505f5f01`, around(balance))) {
      expect([gas, listed.includes(CALLEE)]).toEqual([gas, gas >= balance]);
    }
    const call = 5 * 2 + 3 + 2 + 2_600;
    for (const [gas, { listed }] of sweep(`5f5f5f5f5f73${CALLEE.slice(2)}5af150`, around(call))) {
      expect([gas, listed.includes(CALLEE)]).toEqual([gas, gas >= call]);
    }
  });

  test('SSTORE reads the slot once its stipend check is passed, whatever the block costs', () => {
    const border = 6 + 2_300;
    for (const [gas, { reads }] of sweep('60016009555f5f0100', around(border))) {
      expect([gas, reads.length]).toEqual([gas, gas <= border ? 0 : 1]);
    }
  });

  test('a block that gas does not cover fails for the reason that comes first', () => {
    // MSTORE far away, then POP of an empty stack
    expect(run('5f630fffffff525050').ending).toBe('out of gas');
    expect(run('5f5f525050').ending).toBe('stack underflow');
    expect(run('5f5f525050', { gas: 9 }).ending).toBe('out of gas');
    expect(run('5f5f525050', { gas: 10 }).ending).toBe('stack underflow');
    expect(run('5f5f0c').ending).toBe('invalid opcode');
    expect(run('5f5f0c', { gas: 3 }).ending).toBe('out of gas');
    expect(run('60ff56', { gas: 10 }).ending).toBe('out of gas');
    expect(run('60ff56', { gas: 11 }).ending).toBe('invalid jump destination');
  });

  test.each([
    ['TSTORE', '5f5f5d', 'write protection'],
    ['LOG0', '5f5fa0', 'write protection'],
    ['RETURNDATACOPY', '60015f5f3e', 'return data out of bounds'],
  ])('%s fails by itself before the gas of what follows is missing', (_name, code, reason) => {
    // After an MSTORE, and before more than what is left pays for.
    const whole = `5f5f52${code}${'5f50'.repeat(40)}`;
    sweep(whole, around(120), { isStatic: true });
    sweep(whole, around(400), { isStatic: true });
    expect(run(whole, { gas: 420, isStatic: true }).ending).toBe(reason);
  });

  test('the stack may be full at the end of a block, and not fuller in its middle', () => {
    expect(run(`${'5f'.repeat(1024)}00`).ending).toBe('returned');
    expect(run(`${'5f'.repeat(1025)}5000`).ending).toBe('stack limit reached');
    // Half of it in a first block
    expect(run(`${'5f'.repeat(1000)}5b${'5f'.repeat(24)}00`).ending).toBe('returned');
    expect(run(`${'5f'.repeat(1000)}5b${'5f'.repeat(25)}5000`).ending).toBe('stack limit reached');
    expect(run('5f5b5000').ending).toBe('returned');
    expect(run('5f5b505000').ending).toBe('stack underflow');
  });

  test('GAS and calls see the gas that a step-by-step run has left', () => {
    // GAS, PUSH0, SSTORE; then the callee stores the GAS it got
    expect(run('5a5f555f5f015a60015500').ending).toBe('returned');
    const code = `5f5f5f5f5f73${CALLEE.slice(2)}61fffff15a60015500`;
    expect(run(code, { callee: '5a5f5500' }).ending).toBe('returned');
    sweep(code, around(25_000), { callee: '5a5f5500' });
  });

  test('jumps: known and computed, into loops, to the end and beyond', () => {
    // Counts down from 200
    expect(run('60c85b6001900380600257').ending).toBe('returned');
    // The same with a destination that is not pushed just before
    expect(run('60c86005905b6001900380825700').ending).toBe('returned');
    expect(run('600456005b').ending).toBe('returned');
    expect(run('6005565b5b').ending).toBe('invalid jump destination');
    expect(run('5b5b5b600056').ending).toBe('out of gas');
    expect(run('60').ending).toBe('returned');
    expect(run(`7f${'ff'.repeat(3)}`).ending).toBe('returned');
  });
});
