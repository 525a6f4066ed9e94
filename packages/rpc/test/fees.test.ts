import { describe, expect, test } from '@jest/globals';
import { ALICE, BOB } from './support/fake-node.ts';
import { useServer } from './support/harness.ts';

const harness = useServer();
const GWEI = 1_000_000_000n;
const hex = (value: bigint): string => `0x${value.toString(16)}`;

/** A block with one transaction for each tip. */
async function blockWithTips(...tips: readonly bigint[]): Promise<void> {
  harness().node.automine = false;
  for (const tip of tips) {
    await harness().call('eth_sendTransaction', {
      from: ALICE,
      to: BOB,
      gas: '0x5208',
      maxFeePerGas: hex(100n * GWEI),
      maxPriorityFeePerGas: hex(tip),
    });
  }
  harness().node.mine();
}

describe('prices', () => {
  test('an idle chain suggests 1 gwei over the next base fee', async () => {
    harness().node.nextBaseFee = 7n;
    expect(await harness().call('eth_maxPriorityFeePerGas')).toBe(hex(GWEI));
    expect(await harness().call('eth_gasPrice')).toBe(hex(GWEI + 7n));
    expect(await harness().call('eth_baseFee')).toBe('0x7');
    expect(await harness().call('eth_blobBaseFee')).toBe('0x1');
  });

  test('a busy one the 60th percentile of what was paid, per head', async () => {
    await blockWithTips(1n, 2n, 3n);
    await blockWithTips(4n, 5n, 6n);
    expect(await harness().call('eth_maxPriorityFeePerGas')).toBe('0x4');
    await blockWithTips(50n, 60n, 70n, 80n, 90n);
    expect(await harness().call('eth_maxPriorityFeePerGas')).toBe('0x32');
  });

  test('never suggests 0', async () => {
    await blockWithTips(0n);
    expect(await harness().call('eth_maxPriorityFeePerGas')).toBe('0x1');
  });
});

describe('eth_feeHistory', () => {
  test('rewards by gas-weighted percentile, the next base fee, ratios', async () => {
    await blockWithTips(10n, 30n, 20n, 40n);
    harness().node.mine();
    harness().node.nextBaseFee = 9n;
    expect(await harness().call('eth_feeHistory', '0x3', 'latest', [0, 25, 50, 75.5, 100])).toEqual({
      oldestBlock: '0x0',
      baseFeePerGas: [hex(GWEI), hex(GWEI), hex(GWEI), '0x9'],
      gasUsedRatio: [0, 84_000 / 60_000_000, 0],
      baseFeePerBlobGas: ['0x1', '0x1', '0x1', '0x1'],
      blobGasUsedRatio: [0, 0, 0],
      reward: [
        ['0x0', '0x0', '0x0', '0x0', '0x0'],
        ['0xa', '0xa', '0x14', '0x28', '0x28'],
        ['0x0', '0x0', '0x0', '0x0', '0x0'],
      ],
    });
  });

  test('an older newest block takes the next base fee from its child; counts in every notation', async () => {
    harness().node.mine();
    harness().node.mine();
    harness().node.nextBaseFee = 9n;
    for (const count of [2, '2', '0x2', 5000]) {
      expect(await harness().call('eth_feeHistory', count, '0x1', [])).toMatchObject({
        oldestBlock: '0x0',
        baseFeePerGas: [hex(GWEI), hex(GWEI), hex(GWEI)],
      });
    }
    expect(await harness().call('eth_feeHistory', 1, 'pending')).not.toHaveProperty('reward');
    expect(await harness().call('eth_feeHistory', 0, 'latest')).toMatchObject({ gasUsedRatio: [] });
  });

  test.each([
    [['0x1'], 'missing value for required argument 1'],
    [['0x1', '0x99'], 'request beyond head block: requested 153, head 0'],
    [['0x1', 'latest', [101]], 'invalid argument 2: [0]: invalid reward percentile: 101'],
    [['0x1', 'latest', [50, 20]], 'invalid argument 2: invalid reward percentile: #0:50 >= #1:20'],
    [['0x1', 'latest', [50, 50]], 'invalid argument 2: invalid reward percentile: #0:50 >= #1:50'],
    [['0x1', 'latest', [-1]], 'invalid argument 2: [0]: invalid reward percentile: -1'],
    [['0x1', 'latest', ['1']], 'invalid argument 2: [0]: want a number, got a string'],
    [[-1, 'latest'], 'invalid argument 0: want a whole number, 0 or more'],
    [[1.5, 'latest'], 'invalid argument 0: want a whole number, 0 or more'],
  ])('%j is −32602', async (params, message) => {
    expect(await harness().fail('eth_feeHistory', ...params)).toMatchObject({ code: -32602, message });
  });
});
