import { bytesToBigint } from '@heddle/primitives';
import { describe, expect, test } from '@jest/globals';
import { type SimulatedCall, type SimulationResult, simulateCall } from '../src/index.ts';
import { CONTRACT, environment, RETURN_TOP, SENDER, type TestState, testWorld } from './support/evm-world.ts';

const PLAIN: SimulatedCall = {
  from: SENDER,
  to: CONTRACT,
  data: new Uint8Array(0),
  value: 0n,
  gas: 100_000,
  gasPrice: 0n,
  accessList: [],
  authorizationList: [],
};

function simulate(call: Partial<SimulatedCall>, state: TestState): SimulationResult {
  return simulateCall(testWorld(state), environment, { ...PLAIN, ...call });
}

describe('simulated calls', () => {
  test('need no funds, no nonce and no code-free sender when gas is free; BASEFEE is 0 then', () => {
    const state = { [SENDER]: { code: '0x00' }, [CONTRACT]: { code: `0x48${RETURN_TOP}` } };
    const result = simulate({}, state);
    expect(result).toMatchObject({ status: 'success', reason: '' });
    expect(bytesToBigint(result.returnData)).toBe(0n);
    const paid = simulate({ gasPrice: 9n }, { ...state, [SENDER]: { balance: 10n ** 18n } });
    expect(bytesToBigint(paid.returnData)).toBe(7n);
  });

  test('may have more gas than a transaction (EIP-7825)', () => {
    expect(simulate({ gas: 50_000_000 }, {}).gasUsed).toBe(21_000);
  });

  test('refuse what cannot be paid, in the words of geth', () => {
    expect(() => simulate({ value: 1n }, {})).toThrow(/^insufficient funds for transfer/);
    expect(() => simulate({ gasPrice: 1n }, {})).toThrow(/^insufficient funds for gas \* price \+ value/);
    expect(() => simulate({ gas: 20_000 }, {})).toThrow(/^intrinsic gas too low: have 20000, want 21000$/);
    expect(() => simulate({ to: null, data: new Uint8Array(49_153) }, {})).toThrow(/^max initcode size exceeded/);
  });

  test('tell the gas before refunds apart from the gas used', () => {
    const state = { [CONTRACT]: { code: '0x5f5f55', nonce: 1n, storage: { 0: 1n } } };
    const { gasUsed, gasUsedBeforeRefund } = simulate({}, state);
    expect(gasUsedBeforeRefund).toBe(21_000 + 2 + 2 + 5_000);
    expect(gasUsed).toBe(gasUsedBeforeRefund - 4_800);
  });

  test('tell a revert from a halt', () => {
    expect(simulate({}, { [CONTRACT]: { code: '0x60aa5f5260205ffd' } })).toMatchObject({ status: 'reverted' });
    expect(simulate({}, { [CONTRACT]: { code: '0x5b5f56' } })).toMatchObject({
      status: 'halted',
      reason: 'out of gas',
      gasUsed: 100_000,
    });
  });
});
