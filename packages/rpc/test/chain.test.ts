import { describe, expect, test } from '@jest/globals';
import { ALICE, BOB } from './support/fake-node.ts';
import { useServer } from './support/harness.ts';

const harness = useServer();
const ABSENT_HASH = `0x${'12'.repeat(32)}`;

test('a halted chain says so where clients look, since when and why', async () => {
  expect(await harness().call('eth_syncing')).toBe(false);
  expect(await harness().call('shard_topology')).toMatchObject({ halted: null });
  harness().node.status = { kind: 'halted', reason: 'because', sinceMs: 1_700_000_000_999, head: 17n };
  const halted = { reason: 'because', since: '0x6553f100' };
  expect(await harness().call('eth_syncing')).toEqual({
    startingBlock: '0x11',
    currentBlock: '0x11',
    highestBlock: '0x11',
    heddle: halted,
  });
  expect(await harness().call('shard_topology')).toMatchObject({ halted });
});

test('a node that fetches blocks says from where, at which one it is, and up to where', async () => {
  harness().node.status = { kind: 'syncing', from: 3n, head: 17n, to: 300n };
  const syncing = { startingBlock: '0x3', currentBlock: '0x11', highestBlock: '0x12c' };
  expect(await harness().call('eth_syncing')).toEqual(syncing);
  expect(await harness().call('shard_topology')).toMatchObject({ halted: null });
});

describe('chain, net and web3', () => {
  test('constants and the head', async () => {
    const { node } = harness();
    node.mine();
    expect(await harness().call('eth_chainId')).toBe('0x7a69');
    expect(await harness().call('eth_blockNumber')).toBe('0x1');
    expect(await harness().call('eth_syncing')).toBe(false);
    expect(await harness().call('net_version')).toBe('31337');
    expect(await harness().call('eth_networkId')).toBe('31337');
    expect(await harness().call('net_listening')).toBe(true);
    expect(await harness().call('net_peerCount')).toBe('0x3');
    expect(await harness().call('web3_clientVersion')).toBe('Heddle/test');
    expect(await harness().call('web3_sha3', '0x68656c6c6f20776f726c64')).toBe(
      '0x47173285a8d7341e5e972fc677286384f802f8ef42a5ec5f03bbfa254cb01fad',
    );
  });
});

test('what proof of work has left behind', async () => {
  expect(await harness().call('eth_coinbase')).toBe(`0x${'0'.repeat(40)}`);
  expect(await harness().call('eth_mining')).toBe(false);
  expect(await harness().call('eth_hashrate')).toBe('0x0');
  expect(await harness().call('eth_protocolVersion')).toBe('0x1');
  expect(await harness().call('eth_submitHashrate', '0x1', ABSENT_HASH)).toBe(false);
  expect(await harness().call('rpc_modules')).toMatchObject({ eth: '1.0', txpool: '1.0' });
  expect(await harness().fail('eth_getWork')).toMatchObject({ code: -32000 });
  expect(await harness().call('eth_getUncleByBlockNumberAndIndex', 'latest', '0x0')).toBeNull();
  expect(await harness().call('eth_getUncleByBlockHashAndIndex', ABSENT_HASH, '0x0')).toBeNull();
});

describe('blocks', () => {
  test('by every tag, by number and by hash', async () => {
    const { node } = harness();
    node.mine();
    const { hash } = node.mine();
    for (const tag of ['latest', 'safe', 'finalized', 'pending', '0x2']) {
      expect(await harness().call('eth_getBlockByNumber', tag, false)).toMatchObject({ number: '0x2', hash });
      expect(await harness().call('eth_getHeaderByNumber', tag)).toMatchObject({ number: '0x2', hash });
    }
    expect(await harness().call('eth_getBlockByNumber', 'earliest')).toMatchObject({ number: '0x0' });
    expect(await harness().call('eth_getBlockByHash', hash, true)).toMatchObject({ number: '0x2' });
    expect(await harness().call('eth_getBlockByHash', hash.toUpperCase().replace('0X', '0x'))).toMatchObject({ hash });
  });

  test('what is not there is null', async () => {
    for (const method of [
      'eth_getBlockByNumber',
      'eth_getBlockTransactionCountByNumber',
      'eth_getUncleCountByBlockNumber',
      'eth_getBlockReceipts',
    ]) {
      expect(await harness().call(method, '0xffffffff')).toBeNull();
    }
    for (const method of [
      'eth_getBlockByHash',
      'eth_getBlockTransactionCountByHash',
      'eth_getUncleCountByBlockHash',
      'eth_getBlockReceipts',
      'eth_getTransactionByHash',
      'eth_getTransactionReceipt',
    ]) {
      expect(await harness().call(method, ABSENT_HASH)).toBeNull();
    }
    expect(await harness().call('eth_getTransactionByBlockNumberAndIndex', 'latest', '0x0')).toBeNull();
    expect(await harness().call('eth_getTransactionByBlockNumberAndIndex', '0x99', '0x0')).toBeNull();
    expect(await harness().call('eth_getTransactionByBlockHashAndIndex', ABSENT_HASH, '0x0')).toBeNull();
  });

  test('counts, hydration and receipts', async () => {
    const { node } = harness();
    node.automine = false;
    const hash = await harness().call('eth_sendTransaction', { from: ALICE, to: BOB, value: '0x1', gas: '0x5208' });
    const second = await harness().call('eth_sendTransaction', { from: BOB, to: ALICE, value: '0x1', gas: '0x5208' });
    const block = node.mine();
    expect(await harness().call('eth_getBlockByNumber', 'latest', false)).toMatchObject({
      transactions: [hash, second],
      uncles: [],
      withdrawals: [],
    });
    expect(await harness().call('eth_getBlockByNumber', 'latest', true)).toMatchObject({
      transactions: [
        { hash, from: ALICE, to: BOB },
        { hash: second, transactionIndex: '0x1' },
      ],
    });
    expect(await harness().call('eth_getBlockTransactionCountByHash', block.hash)).toBe('0x2');
    expect(await harness().call('eth_getBlockTransactionCountByNumber', 'latest')).toBe('0x2');
    expect(await harness().call('eth_getUncleCountByBlockHash', block.hash)).toBe('0x0');
    expect(await harness().call('eth_getUncleCountByBlockNumber', 'latest')).toBe('0x0');
    const receipts = [{ transactionHash: hash }, { transactionHash: second, cumulativeGasUsed: '0xa410' }];
    expect(await harness().call('eth_getBlockReceipts', 'latest')).toMatchObject(receipts);
    expect(await harness().call('eth_getBlockReceipts', { blockHash: block.hash })).toMatchObject(receipts);
    expect(await harness().call('eth_getTransactionByBlockNumberAndIndex', '0x1', '0x1')).toMatchObject({
      hash: second,
    });
    expect(await harness().call('eth_getTransactionByBlockHashAndIndex', block.hash, '0x0')).toMatchObject({ hash });
  });
});

describe('accounts', () => {
  const CONTRACT = '0x00000000000000000000000000000000000000c0';

  test('balance, nonce, code and storage at every kind of block name', async () => {
    const { node } = harness();
    node.chain.setAccount(CONTRACT, { code: Uint8Array.of(0x60, 0), storage: new Map([[1n, 255n]]) });
    const genesis = node.chain.head;
    await harness().call('eth_sendTransaction', { from: ALICE, to: BOB, value: '0xde0b6b3a7640000', gas: '0x5208' });
    const after = node.chain.head;
    expect(await harness().call('eth_getBalance', BOB)).toBe('0x21e27c1806e59a40000');
    for (const then of ['earliest', '0x0', { blockNumber: '0x0' }, { blockHash: genesis.hash }, genesis.hash]) {
      expect(await harness().call('eth_getBalance', BOB, then)).toBe('0x21e19e0c9bab2400000');
    }
    expect(await harness().call('eth_getBalance', BOB, { blockHash: after.hash, requireCanonical: true })).toBe(
      '0x21e27c1806e59a40000',
    );
    expect(await harness().call('eth_getTransactionCount', ALICE, 'latest')).toBe('0x1');
    expect(await harness().call('eth_getTransactionCount', ALICE, '0x0')).toBe('0x0');
    expect(await harness().call('eth_getCode', CONTRACT, 'latest')).toBe('0x6000');
    expect(await harness().call('eth_getCode', ALICE, 'latest')).toBe('0x');
    expect(await harness().call('eth_getStorageAt', CONTRACT, '0x1', 'latest')).toBe(`0x${'ff'.padStart(64, '0')}`);
    expect(await harness().call('eth_getStorageAt', CONTRACT, `0x${'01'.padStart(64, '0')}`)).toBe(
      `0x${'ff'.padStart(64, '0')}`,
    );
    expect(await harness().call('eth_getStorageAt', CONTRACT, '0x2', 'safe')).toBe(`0x${'0'.repeat(64)}`);
  });

  test('the pending nonce counts the pool, pending state is the head', async () => {
    harness().node.automine = false;
    await harness().call('eth_sendTransaction', { from: ALICE, to: BOB, value: '0x1', gas: '0x5208' });
    expect(await harness().call('eth_getTransactionCount', ALICE, 'pending')).toBe('0x1');
    expect(await harness().call('eth_getTransactionCount', ALICE, 'latest')).toBe('0x0');
    expect(await harness().call('eth_getTransactionCount', ALICE)).toBe('0x0');
    expect(await harness().call('eth_getBalance', BOB, 'pending')).toBe('0x21e19e0c9bab2400000');
  });

  test('state of a block that is not there is an error (EIP-1898)', async () => {
    expect(await harness().fail('eth_getBalance', ALICE, '0x5')).toMatchObject({
      code: -32001,
      message: 'header not found: block 5 is not there yet, the latest is 0',
    });
    expect((await harness().fail('eth_getCode', ALICE, { blockHash: ABSENT_HASH })).code).toBe(-32001);
    expect((await harness().fail('eth_call', { to: BOB }, ABSENT_HASH)).code).toBe(-32001);
  });
});

describe('what can not be read is −32602 and says why', () => {
  test.each([
    ['eth_getBalance', [], 'missing value for required argument 0'],
    ['eth_getBalance', [null], 'missing value for required argument 0'],
    ['eth_getBalance', ['f39f'], 'invalid argument 0: hex string without 0x prefix'],
    ['eth_getBalance', [''], 'invalid argument 0: empty hex string'],
    ['eth_getBalance', ['0xzz'], 'invalid argument 0: invalid hex string'],
    ['eth_getBalance', ['0x12'], 'invalid argument 0: hex string has length 2, want 40 for an address'],
    ['eth_getBalance', [5], 'invalid argument 0: want an address, got a number'],
    ['eth_getBalance', [ALICE, '5'], 'invalid argument 1: hex string without 0x prefix'],
    ['eth_getBalance', [ALICE, '0x'], 'invalid argument 1: hex string "0x"'],
    ['eth_getBalance', [ALICE, '0x05'], 'invalid argument 1: hex number with leading zero digits'],
    ['eth_getBalance', [ALICE, '0x1ffffffffffffffff'], 'invalid argument 1: hex number > 64 bits'],
    ['eth_getBalance', [ALICE, 5], 'invalid argument 1: want a block number such as "0x10" or a tag, got a number'],
    [
      'eth_getBalance',
      [ALICE, 'newest'],
      'invalid argument 1: unknown block tag "newest", want one of latest, safe, finalized, pending, earliest',
    ],
    ['eth_getBalance', [ALICE, {}], 'invalid argument 1: want blockNumber or blockHash'],
    [
      'eth_getBalance',
      [ALICE, { blockNumber: '0x1', blockHash: ABSENT_HASH }],
      'invalid argument 1: cannot specify both blockHash and blockNumber, choose one or the other',
    ],
    [
      'eth_getBalance',
      [ALICE, { blockHash: '0x12' }],
      'invalid argument 1: blockHash: hex string has length 2, want 64 for a hash',
    ],
    ['eth_getBalance', [ALICE, 'latest', 1], 'too many arguments, want at most 2'],
    [
      'eth_getStorageAt',
      [ALICE, `0x${'1'.repeat(65)}`],
      'invalid argument 1: hex string too long, want at most 32 bytes',
    ],
    ['eth_getBlockByNumber', ['latest', 'yes'], 'invalid argument 1: want true or false, got a string'],
    ['eth_getBlockByHash', ['latest'], 'invalid argument 0: hex string without 0x prefix'],
    ['web3_sha3', ['0x123'], 'invalid argument 0: hex string of odd length'],
    ['eth_getTransactionByBlockNumberAndIndex', ['latest'], 'missing value for required argument 1'],
  ])('%s %j', async (method, params, message) => {
    expect(await harness().fail(method, ...params)).toEqual({ code: -32602, message, data: undefined });
  });
});
