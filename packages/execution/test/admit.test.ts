import { bigintToBytes, privateKeyToAddress, signDigest } from '@heddle/primitives';
import { type Address, authorizationDigest } from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import { admitTransaction, executeTransaction, InvalidTransactionError } from '../src/index.ts';
import { COINBASE, CONTRACT, environment, SENDER, type TestState, testWorld } from './support/evm-world.ts';
import { type TransactionOptions, unsigned, unsignedSetCode } from './support/unsigned.ts';

const RICH: TestState = { [SENDER]: { balance: 10n ** 18n, nonce: 5n } };
const KEY = bigintToBytes(0xbeefn, 32);
const AUTHORITY = privateKeyToAddress(KEY);

function refusal(options: TransactionOptions, state: TestState = RICH): InvalidTransactionError['facts'] {
  const world = testWorld(state);
  try {
    admitTransaction(world, environment, unsigned({ nonce: 5n, to: CONTRACT, ...options }));
  } catch (error) {
    expect(error).toMatchObject({ code: 'INVALID_TRANSACTION' });
    expect(world.accessList()).toEqual([]);
    expect(world.changes().accounts.size).toBe(0);
    if (error instanceof InvalidTransactionError) return error.facts;
  }
  throw new Error('was admitted');
}

describe('admission refuses, in the words of geth, and leaves no trace', () => {
  test.each<[string, TransactionOptions, RegExp, boolean]>([
    ['another chain', { chainId: 1n }, /^invalid chain id for signer: have 1 want 31337$/, true],
    ['a used nonce', { nonce: 4n }, /^nonce too low: address 0x5e0+, tx: 4 state: 5$/, true],
    ['a nonce to come', { nonce: 6n }, /^nonce too high: address 0x5e0+, tx: 6 state: 5$/, false],
    ['the last nonce (EIP-2681)', { nonce: 2n ** 64n - 1n }, /^nonce has max value/, true],
    ['too little gas', { gasLimit: 20_999n }, /^intrinsic gas too low: have 20999, want 21000$/, true],
    [
      'less than the floor (EIP-7623)',
      { data: new Uint8Array(100).fill(1), gasLimit: 24_999n },
      /^insufficient gas for floor data gas cost: have 24999, want 25000$/,
      true,
    ],
    [
      'too much gas (EIP-7825)',
      { gasLimit: 16_777_217n },
      /^transaction gas limit too high \(cap: 16777216, tx: 16777217\)$/,
      true,
    ],
    [
      'long init code (EIP-3860)',
      { to: null, data: new Uint8Array(49_153) },
      /^max initcode size exceeded: code size 49153 limit 49152$/,
      true,
    ],
    [
      'a fee below the base fee',
      { maxFeePerGas: 6n },
      /^max fee per gas less than block base fee: .*maxFeePerGas: 6, baseFee: 7$/,
      false,
    ],
    [
      'a tip above the fee',
      { maxPriorityFeePerGas: 11n },
      /^max priority fee per gas higher than max fee per gas/,
      true,
    ],
    [
      'what cannot be paid',
      { value: 10n ** 18n },
      /^insufficient funds for gas \* price \+ value: .*want 1000000000010000000$/,
      false,
    ],
  ])('%s', (_name, options, reason, permanent) => {
    const refused = refusal(options);
    expect(refused.reason).toMatch(reason);
    expect(refused.permanent).toBe(permanent);
  });

  test('a sender with code (EIP-3607), unless it is a delegation (EIP-7702)', () => {
    const withCode = { [SENDER]: { balance: 10n ** 18n, nonce: 5n, code: '0x00' } };
    expect(refusal({}, withCode)).toMatchObject({
      reason: expect.stringMatching(/^sender not an eoa/),
      permanent: true,
    });
    const delegated = { [SENDER]: { balance: 10n ** 18n, nonce: 5n, code: `0xef0100${CONTRACT.slice(2)}` } };
    expect(() => refusal({}, delegated)).toThrow('was admitted');
  });

  test('more gas than the block has', () => {
    const small = { ...environment, gasLimit: 50_000n };
    const transaction = unsigned({ nonce: 5n, to: CONTRACT, gasLimit: 50_001n });
    expect(() => admitTransaction(testWorld(RICH), small, transaction)).toThrow(/exceeds block gas limit/);
  });
});

describe('admission and settlement', () => {
  test('gas is bought at the effective price, the rest comes back, the tip goes to the coinbase', () => {
    const world = testWorld(RICH);
    const { outcome, burned, admission } = executeTransaction(
      world,
      environment,
      unsigned({ nonce: 5n, to: CONTRACT, value: 3n, gasLimit: 100_000n }),
    );
    expect(admission.effectiveGasPrice).toBe(8n);
    expect(outcome).toMatchObject({ status: 1, gasUsed: 21_000, failure: null });
    expect(burned).toBe(21_000n * 7n);
    expect(world.balance(SENDER)).toBe(10n ** 18n - 21_000n * 8n - 3n);
    expect(world.balance(COINBASE)).toBe(21_000n);
    expect(world.nonce(SENDER)).toBe(6n);
  });

  test('the calldata floor is what a transaction uses at least (EIP-7623)', () => {
    const data = new Uint8Array(1_000).fill(7);
    const { outcome } = executeTransaction(testWorld(RICH), environment, unsigned({ nonce: 5n, to: CONTRACT, data }));
    expect(outcome.gasUsed).toBe(21_000 + 40_000);
  });

  test('authorizations: good ones delegate, filtered or bad ones are skipped (EIP-7702)', () => {
    const signature = (nonce: bigint, address: Address) => {
      const chainId = 31337n;
      return { chainId, address, nonce, ...signDigest(authorizationDigest({ chainId, address, nonce }), KEY) };
    };
    const authorizationList = [signature(0n, CONTRACT), signature(7n, SENDER)];
    const transaction = unsignedSetCode({ nonce: 5n, to: CONTRACT, authorizationList });

    const world = testWorld({ ...RICH, [AUTHORITY]: { balance: 1n } });
    const admission = admitTransaction(world, environment, transaction);
    expect(admission).toMatchObject({ authorizationRefund: 12_500, intrinsicGas: 71_000 });
    expect(world.nonce(AUTHORITY)).toBe(1n);
    expect(Buffer.from(world.code(AUTHORITY)).toString('hex')).toBe(`ef0100${CONTRACT.slice(2)}`);
  });
});
