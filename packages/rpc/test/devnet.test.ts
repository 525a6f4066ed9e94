import { networkInterfaces } from 'node:os';
import { describe, expect, test } from '@jest/globals';
import { ALICE, FakeNode } from './support/fake-node.ts';
import { Harness, useServer } from './support/harness.ts';

const CONTROLS = ['evm_mine', 'hardhat_metadata', 'anvil_nodeInfo', 'heddle_stopValidator', 'heddle_startValidator'];

describe('controls', () => {
  const harness = useServer();

  test('what Hardhat and Foundry ask', async () => {
    const { hash } = harness().node.mine();
    const metadata = await harness().call('hardhat_metadata');
    expect(metadata).toEqual({
      clientVersion: 'Heddle/test',
      chainId: 31337,
      instanceId: expect.stringMatching(/^0x[0-9a-f]{64}$/),
      latestBlockNumber: 1,
      latestBlockHash: hash,
    });
    expect(await harness().call('hardhat_metadata')).toEqual(metadata);
    expect(await harness().call('anvil_nodeInfo')).toMatchObject({
      currentBlockNumber: '0x1',
      currentBlockHash: hash,
      hardFork: 'osaka',
      environment: { baseFee: '0x3b9aca00', chainId: 31337, gasPrice: '0x77359400' },
    });
  });

  test('validators are stopped and started; a second time is false', async () => {
    expect(await harness().call('heddle_stopValidator', 1)).toBe(true);
    expect(await harness().call('heddle_stopValidator', '0x1')).toBe(false);
    expect(harness().node.running).toEqual([true, false, true, true]);
    expect(await harness().call('net_peerCount')).toBe('0x2');
    expect(await harness().call('heddle_startValidator', 1)).toBe(true);
  });

  test.each([
    ['heddle_stopValidator', [], 'missing value for required argument 0'],
    ['heddle_stopValidator', [99], 'invalid argument 0: there is no validator 99; want 0 to 3'],
    ['heddle_startValidator', [4], 'invalid argument 0: there is no validator 4; want 0 to 3'],
    ['heddle_stopValidator', ['x'], 'invalid argument 0: hex string without 0x prefix'],
  ])('%s %j is −32602', async (method, params, message) => {
    expect(await harness().fail(method, ...params)).toMatchObject({ code: -32602, message });
  });
});

test('controls do not work from another address', async () => {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const outside = addresses.find(({ family, internal }) => family === 'IPv4' && !internal);
  // A machine without a network has no other address to come from.
  if (outside === undefined) return;
  const harness = new Harness({ host: '0.0.0.0' });
  const { port } = await harness.start();
  harness.url = `http://${outside.address}:${port}`;
  expect((await harness.fail('heddle_stopValidator', 0)).code).toBe(4100);
  expect((await harness.fail('evm_mine')).code).toBe(4100);
  expect(await harness.call('eth_chainId')).toBe('0x7a69');
  await harness.server.stop();
});

test('outside of a devnet there are no controls', async () => {
  const harness = new Harness({ backend: new FakeNode().backend(false) });
  await harness.start();
  for (const method of CONTROLS) expect((await harness.fail(method)).code).toBe(-32601);
  await harness.server.stop();
});

describe('shard_*', () => {
  const harness = useServer();

  test('topology', async () => {
    harness().node.running[3] = false;
    expect(await harness().call('shard_topology')).toMatchObject({
      shardCount: 2,
      validators: [
        { index: 0, running: true, publicKey: `0x${'00'.repeat(48)}` },
        { index: 1, running: true },
        { index: 2, running: true },
        { index: 3, running: false },
      ],
      shards: [
        { shard: 0, height: '0x0', baseFeePerGas: '0x3b9aca00', chunkHash: expect.stringMatching(/^0x[0-9a-f]{64}$/) },
        { shard: 1, height: '0x0', gasLimit: '0x1c9c380', queuedWeight: '0x0' },
      ],
      section: { transactionCount: 3, gasUsed: '0xf618', gasLimit: '0x2625a00', baseFeePerGas: '0x7' },
    });
    harness().node.sectionHead = null;
    expect(await harness().call('shard_topology')).toMatchObject({ section: null });
  });

  test('residence', async () => {
    expect(await harness().call('shard_getResidence', ALICE)).toEqual({ home: 0, residence: 1 });
    expect((await harness().fail('shard_getResidence')).code).toBe(-32602);
  });

  test('the trace of a transaction', async () => {
    const hash = `0x${'ab'.repeat(32)}` as const;
    expect(await harness().call('shard_getTransactionTrace', hash)).toBeNull();
    const message = {
      id: hash,
      kind: 'call',
      source: 0,
      destination: 1,
      sequence: 3n,
      value: 5n,
      emittedIn: 7n,
    } as const;
    harness().node.trace = {
      hash,
      homeShard: 0,
      status: 'dispatched',
      way: 'dispatched',
      dispatchedIn: 7n,
      executedIn: null,
      executedShard: null,
      waitsFor: null,
      messages: [{ ...message, deliveredIn: null }],
    };
    expect(await harness().call('shard_getTransactionTrace', hash)).toEqual({
      hash,
      homeShard: 0,
      status: 'dispatched',
      way: 'dispatched',
      dispatchedIn: '0x7',
      executedIn: null,
      executedShard: null,
      waitsFor: null,
      messages: [
        {
          id: hash,
          kind: 'call',
          source: 0,
          destination: 1,
          sequence: '0x3',
          value: '0x5',
          emittedIn: '0x7',
          deliveredIn: null,
        },
      ],
    });
  });

  const REPORT = {
    path: 'validator',
    lanes: [3, 2],
    conflicts: 0,
    reexecutions: 1,
    handedBack: 1,
    disagreement: null,
    microseconds: { prepare: 12.4, run: 100.5, finish: 3 },
  } as const;

  test('a chunk by block number, by tag and by its hash', async () => {
    const { node } = harness();
    const call = (...params: readonly unknown[]): Promise<unknown> => harness().call('shard_getChunk', ...params);
    node.mine();
    expect(await call(1, 'latest')).toMatchObject({ shard: 1, height: '0x1', execution: null });
    node.chunkFacts = {
      transactionCount: 5,
      dispatchedCount: 2,
      deliveredCount: 1,
      accessList: { accounts: 9, slots: 4 },
      execution: REPORT,
    };
    const chunk = await call(0, '0x1');
    expect(chunk).toEqual({
      shard: 0,
      height: '0x1',
      chunkHash: expect.stringMatching(/^0x[0-9a-f]{64}$/),
      parentBlockHash: node.chain.blocks[0]?.hash,
      stateRoot: expect.stringMatching(/^0x[0-9a-f]{64}$/),
      timestamp: expect.stringMatching(/^0x/),
      gasUsed: '0x0',
      gasLimit: '0x1c9c380',
      baseFeePerGas: '0x3b9aca00',
      queuedWeight: '0x0',
      producer: 0,
      transactionCount: 5,
      dispatchedCount: 2,
      deliveredCount: 1,
      accessList: { accounts: 9, slots: 4 },
      execution: { ...REPORT, microseconds: { prepare: 12, run: 101, finish: 3 } },
    });
    const { chunkHash } = Object(chunk);
    expect(await call(0, chunkHash)).toEqual(chunk);
    expect(await call(1, chunkHash)).toBeNull();
    expect(await call(0, '0x63')).toBeNull();
  });

  test.each([
    [[2, 'latest'], 'invalid argument 0: there is no shard 2; the network has 2, counted from 0'],
    [['x', 'latest'], 'invalid argument 0: '],
    [[0, 'newest'], 'invalid argument 1: unknown block tag "newest"'],
    [[0], 'missing value for required argument 1'],
  ])('shard_getChunk of %j is refused', async (params, message) => {
    const failure = await harness().fail('shard_getChunk', ...params);
    expect(failure.code).toBe(-32602);
    expect(failure.message).toContain(message);
  });

  test('disagreements of lanes are counted where an operator looks', async () => {
    expect(await harness().call('shard_topology')).toMatchObject({ disagreements: 0 });
    harness().node.disagreements = 2;
    expect(await harness().call('shard_topology')).toMatchObject({ disagreements: 2 });
  });
});
