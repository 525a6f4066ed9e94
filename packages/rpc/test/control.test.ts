import { keccak256, utf8ToBytes } from '@heddle/primitives';
import { describe, expect, test } from '@jest/globals';
import { ALICE, BOB } from './support/fake-node.ts';
import { useServer } from './support/harness.ts';

const WORD_FIVE = `0x${'5'.padStart(64, '0')}`;
const SOME_HASH = `0x${'ab'.repeat(32)}`;

describe('accounts', () => {
  const harness = useServer();

  test.each([
    ['anvil_setBalance', [ALICE, '0x5'], { kind: 'balance', address: ALICE, value: 5n }],
    ['hardhat_setBalance', [ALICE, 7], { kind: 'balance', address: ALICE, value: 7n }],
    ['anvil_setBalance', [ALICE, '12'], { kind: 'balance', address: ALICE, value: 12n }],
    ['anvil_setBalance', [ALICE, `0x${'f'.repeat(64)}`], { kind: 'balance', value: 2n ** 256n - 1n }],
    ['anvil_addBalance', [ALICE, '0x1'], { kind: 'balance', value: 10_000n * 10n ** 18n + 1n }],
    ['hardhat_setCode', [BOB, '0x6000'], { kind: 'code', address: BOB, code: Uint8Array.of(0x60, 0) }],
    ['evm_setAccountNonce', [BOB, '0x09'], { kind: 'nonce', address: BOB, value: 9n }],
    ['hardhat_setNextBlockBaseFeePerGas', ['0x77'], { kind: 'nextBaseFee', value: 0x77n }],
    ['hardhat_setPrevRandao', [SOME_HASH], { kind: 'nextPrevRandao', value: SOME_HASH }],
  ])('%s %j', async (method, params, operation) => {
    expect(await harness().call(method, ...params)).toBeNull();
    expect(harness().node.applied).toEqual([expect.objectContaining(operation)]);
  });

  test.each(['0x3', 3, '0x03', WORD_FIVE.replace(/5$/, '3')])('a slot written as %p', async (slot) => {
    expect(await harness().call('hardhat_setStorageAt', ALICE, slot, WORD_FIVE)).toBe(true);
    expect(harness().node.applied).toEqual([{ kind: 'storage', address: ALICE, slot: 3n, value: 5n }]);
  });

  test('the gas limit', async () => {
    expect(await harness().call('evm_setBlockGasLimit', '0x1c9c380')).toBe(true);
    expect(harness().node.applied).toEqual([{ kind: 'gasLimit', value: 30_000_000n }]);
  });

  test('the coinbase', async () => {
    expect(await harness().call('hardhat_setCoinbase', BOB)).toBeNull();
    expect(harness().node.coinbase).toBe(BOB);
  });

  test.each([
    ['anvil_setBalance', [ALICE]],
    ['anvil_setBalance', [ALICE, -1]],
    ['anvil_setBalance', [ALICE, `0x1${'0'.repeat(64)}`]],
    ['anvil_setBalance', ['0x12', '0x1']],
    ['anvil_setNonce', [ALICE, '0x10000000000000000']],
    ['anvil_setStorageAt', [ALICE, '0x0', '0x05']],
    ['hardhat_setPrevRandao', ['0x12']],
  ])('%s %j is −32602', async (method, params) => {
    expect(await harness().fail(method, ...params)).toMatchObject({ code: -32602 });
    expect(harness().node.applied).toEqual([]);
  });

  test.each([
    ['anvil_setMinGasPrice', ['0x1'], 'anvil_setMinGasPrice is not supported when EIP-1559 is active'],
    ['anvil_setRpcUrl', ['http://localhost'], 'there is no forking'],
    ['anvil_setChainId', [5], 'the chain ID is 31337 for good'],
  ])('%s is refused with a reason', async (method, params, reason) => {
    const failure = await harness().fail(method, ...params);
    expect(failure.code).toBe(-32000);
    expect(failure.message).toContain(reason);
  });

  test('tools that set the chain ID that there is, or logging, go on', async () => {
    expect(await harness().call('anvil_setChainId', 31337)).toBeNull();
    expect(await harness().call('hardhat_setLoggingEnabled', false)).toBeNull();
  });
});

describe('tokens', () => {
  const harness = useServer();
  const TOKEN = `0x${'70'.repeat(20)}` as const;

  test('the slot whose value the function gives is set', async () => {
    const { node } = harness();
    node.accessList = [{ address: TOKEN, storageKeys: [repeated('a'), repeated('b')] }];
    node.outcome = { kind: 'success', returnData: wordBytes(77n), gasUsed: 1n };
    expect(await harness().call('anvil_dealERC20', ALICE, TOKEN, '0x4d')).toBeNull();
    const slot = BigInt(repeated('a'));
    expect(node.applied).toEqual([{ kind: 'storage', address: TOKEN, slot, value: 77n }]);
    const [listing] = node.seenCalls;
    expect(listing?.request.data.subarray(0, 4)).toEqual(keccak256(utf8ToBytes('balanceOf(address)')).subarray(0, 4));
  });

  test('a function that answers something else has no such slot', async () => {
    const { node } = harness();
    node.accessList = [{ address: TOKEN, storageKeys: [repeated('a')] }];
    node.outcome = { kind: 'success', returnData: wordBytes(78n), gasUsed: 1n };
    expect(await harness().fail('anvil_setERC20Allowance', ALICE, BOB, TOKEN, '0x4d')).toMatchObject({
      code: -32000,
      message: 'Unable to set ERC20 allowance, no slot found',
    });
  });
});

function repeated(digit: string): `0x${string}` {
  return `0x${digit.repeat(64)}`;
}

function wordBytes(value: bigint): Uint8Array {
  const bytes = new Uint8Array(32);
  bytes[31] = Number(value);
  return bytes;
}

describe('time', () => {
  const harness = useServer();

  test('moving on, and setting', async () => {
    const { time } = harness().node;
    expect(await harness().call('evm_increaseTime', 100)).toBe(100);
    expect(await harness().call('anvil_increaseTime', '0x10')).toBe(116);
    expect(await harness().call('evm_setTime', 1_700_000_216)).toBe(100);
    expect(await harness().call('anvil_setTime', 1_700_000_300_000)).toBe(84);
    expect(time.nowSeconds).toBe(1_700_000_300n);
    expect(await harness().call('evm_setNextBlockTimestamp', '0x70000000')).toBeNull();
    expect(time.next).toBe(0x70000000n);
  });

  test('an interval between blocks', async () => {
    const { time } = harness().node;
    expect(await harness().call('anvil_removeBlockTimestampInterval')).toBe(false);
    expect(await harness().call('anvil_setBlockTimestampInterval', 7)).toBeNull();
    expect(time.interval).toBe(7n);
    expect(await harness().call('anvil_removeBlockTimestampInterval')).toBe(true);
    expect(time.interval).toBeNull();
  });
});

describe('mining', () => {
  const harness = useServer();

  test('so many blocks', async () => {
    expect(await harness().call('evm_mine')).toBe('0x0');
    expect(await harness().call('evm_mine', { blocks: 2 })).toBe('0x0');
    expect(await harness().call('hardhat_mine', '0x3', '0x0')).toBeNull();
    expect(await harness().call('anvil_mine', 2, '0xc')).toBeNull();
    expect(await harness().call('anvil_mine')).toBeNull();
    expect(harness().node.minedCounts).toEqual([
      [1n, null],
      [2n, null],
      [3n, null],
      [2n, 12n],
      [1n, null],
    ]);
    expect(await harness().call('eth_blockNumber')).toBe('0x9');
  });

  test.each([1_700_000_555, '0x6553f32b', { timestamp: 1_700_000_555 }])('a block at %j', async (when) => {
    expect(await harness().call('evm_mine', when)).toBe('0x0');
    expect(harness().node.time.next).toBe(1_700_000_555n);
  });

  test('the blocks that came of it', async () => {
    const blocks = await harness().call('evm_mine_detailed', { blocks: 2 });
    expect(blocks).toMatchObject([{ number: '0x1' }, { number: '0x2' }]);
  });

  test('modes, as anvil has them', async () => {
    const modes: unknown[] = [];
    const steps = [
      ['evm_setAutomine', false],
      ['evm_setIntervalMining', 5],
      ['anvil_setAutomine', false],
      ['anvil_setIntervalMining', 0],
      ['anvil_setAutomine', true],
    ] as const;
    for (const [method, value] of steps) {
      expect(await harness().call(method, value)).toBeNull();
      modes.push([await harness().call('anvil_getAutomine'), await harness().call('anvil_getIntervalMining')]);
    }
    expect(modes).toEqual([
      [false, null],
      [false, 5],
      [false, 5],
      [false, null],
      [true, null],
    ]);
  });

  test('too many at once', async () => {
    expect(await harness().fail('hardhat_mine', '0xffffff')).toMatchObject({
      code: -32602,
      message: 'invalid argument 0: want at most 500000 blocks',
    });
    expect(await harness().fail('evm_mine_detailed', { blocks: 1_001 })).toMatchObject({ code: -32602 });
  });
});

describe('snapshots and state', () => {
  const harness = useServer();

  test('there and back', async () => {
    expect(await harness().call('evm_snapshot')).toBe('0x0');
    expect(await harness().call('anvil_snapshot')).toBe('0x1');
    expect(await harness().call('evm_revert', '0x0')).toBe(true);
    expect(await harness().call('evm_revert', '0x0')).toBe(false);
    expect(await harness().call('anvil_reset')).toBeNull();
    expect(await harness().call('hardhat_reset', {})).toBeNull();
    expect(await harness().call('anvil_reset', { forking: { blockNumber: null } })).toBeNull();
    expect(harness().node.rewind.resets).toBe(3);
  });

  test('to no other block than one of which there is a snapshot', async () => {
    const message = expect.stringContaining('evm_revert');
    expect(await harness().fail('anvil_rollback', 1)).toMatchObject({ code: -32000, message });
    expect(await harness().fail('anvil_reorg', 1, [])).toMatchObject({ code: -32000, message });
  });

  test('no chain is forked', async () => {
    const fork = { forking: { jsonRpcUrl: 'http://localhost' } };
    for (const value of [fork, { forking: { blockNumber: '0x1' } }, 7]) {
      expect(await harness().fail('hardhat_reset', value)).toMatchObject({ code: -32602 });
    }
    expect(harness().node.rewind.resets).toBe(0);
  });

  test('state in a piece', async () => {
    expect(await harness().call('anvil_dumpState')).toBe('0x010203');
    expect(await harness().call('anvil_loadState', '0x0405')).toBe(true);
    expect(await harness().call('anvil_dumpState', true)).toBe('0x0405');
  });
});
