import { describe, expect, test } from '@jest/globals';
import { MAX_BUNDLE_CALLS } from '../src/limits.ts';
import { FAILER, LOGGER } from './support/fake-chain.ts';
import { ALICE, BOB } from './support/fake-node.ts';
import { useServer } from './support/harness.ts';

const harness = useServer();
const BASE = { version: '2.0.0', chainId: '0x7a69', atomicRequired: false };
const PAY = { to: BOB, value: '0x1' };
const LOG = { to: LOGGER, data: `0x${'ab'.repeat(32)}` };
const FAIL = { to: FAILER };

async function sendCalls(request: object): Promise<unknown> {
  const answer = await harness().call('wallet_sendCalls', { ...BASE, ...request });
  return typeof answer === 'object' && answer !== null && 'id' in answer ? answer.id : null;
}

/** The status once nothing is under way any more. */
async function ended(id: unknown): Promise<unknown> {
  for (;;) {
    const status = await harness().call('wallet_getCallsStatus', id);
    if (typeof status === 'object' && status !== null && 'status' in status && status.status !== 100) return status;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

describe('calls of a wallet (EIP-5792)', () => {
  test('run one after the other, and their receipts are told', async () => {
    const id = await sendCalls({ from: ALICE, calls: [PAY, LOG, PAY] });
    expect(await ended(id)).toMatchObject({
      version: '2.0.0',
      id,
      chainId: '0x7a69',
      status: 200,
      atomic: false,
      receipts: [
        { status: '0x1', logs: [], blockNumber: '0x1' },
        { logs: [{ address: LOGGER, topics: [`0x${'ab'.repeat(32)}`] }], blockNumber: '0x2' },
        { blockNumber: '0x3' },
      ],
    });
    expect(harness().node.listenerCount).toBe(3);
  });

  test('are pending until a block holds them; the next is not made before', async () => {
    harness().node.automine = false;
    const id = await sendCalls({ from: ALICE, calls: [PAY, PAY] });
    expect(await harness().call('wallet_getCallsStatus', id)).toMatchObject({ status: 100, receipts: [] });
    expect(harness().node.pool).toHaveLength(1);
    harness().node.automine = true;
    harness().node.mine();
    expect(await ended(id)).toMatchObject({ status: 200, receipts: [{}, {}] });
  });

  test('end with the first that reverts', async () => {
    expect(await ended(await sendCalls({ calls: [FAIL, PAY] }))).toMatchObject({
      status: 500,
      receipts: [{ status: '0x0' }],
    });
    expect(await ended(await sendCalls({ calls: [PAY, FAIL, PAY] }))).toMatchObject({
      status: 600,
      receipts: [{}, {}],
    });
  });

  test('the app may name the bundle, once', async () => {
    expect(await sendCalls({ id: 'mine', calls: [PAY] })).toBe('mine');
    expect(await harness().fail('wallet_sendCalls', { ...BASE, id: 'mine', calls: [PAY] })).toMatchObject({
      code: 5720,
    });
    expect(await harness().fail('wallet_getCallsStatus', 'another')).toMatchObject({ code: 5730 });
  });

  test('what is wrong with the first call is told at once, and its name stays free', async () => {
    harness().node.outcome = { kind: 'revert', returnData: Uint8Array.of(7), gasUsed: 1n };
    expect(await harness().fail('wallet_sendCalls', { ...BASE, id: 'a', calls: [PAY] })).toMatchObject({
      code: 3,
      data: '0x07',
    });
    harness().node.outcome = { kind: 'success', returnData: new Uint8Array(), gasUsed: 21_000n };
    expect(await sendCalls({ id: 'a', calls: [PAY] })).toBe('a');
  });

  test.each([
    [{ calls: [] }, -32602],
    [{ calls: [PAY], version: null }, -32602],
    [{ calls: [PAY], id: '' }, -32602],
    [{ calls: [PAY], chainId: '0x1' }, 5710],
    [{ calls: [PAY], atomicRequired: true }, 5760],
    [{ calls: [PAY], capabilities: { paymasterService: { url: 'x' } } }, 5700],
    [{ calls: [{ ...PAY, capabilities: { x: {} } }] }, 5700],
    [{ calls: Array.from({ length: MAX_BUNDLE_CALLS + 1 }, () => PAY) }, 5740],
    [{ calls: [PAY], from: `0x${'ab'.repeat(20)}` }, 4100],
  ])('refuses %j', async (request, code) => {
    expect(await harness().fail('wallet_sendCalls', { ...BASE, ...request })).toMatchObject({ code });
  });

  test('an optional capability is passed over', async () => {
    expect(await sendCalls({ id: 'b', calls: [PAY], capabilities: { x: { optional: true } } })).toBe('b');
  });

  test('capabilities say that calls are not atomic', async () => {
    expect(await harness().call('wallet_getCapabilities', ALICE)).toEqual({
      '0x7a69': { atomic: { status: 'unsupported' } },
    });
    expect(await harness().call('wallet_getCapabilities', ALICE, ['0x1'])).toEqual({});
    expect(await harness().fail('wallet_getCapabilities', `0x${'ab'.repeat(20)}`)).toMatchObject({ code: 4100 });
  });
});

test('there is one chain', async () => {
  for (const method of ['wallet_switchEthereumChain', 'wallet_addEthereumChain']) {
    expect(await harness().call(method, { chainId: '0x7a69' })).toBeNull();
    expect(await harness().fail(method, { chainId: '0x1' })).toMatchObject({ code: 4902 });
  }
  expect(await harness().call('eth_requestAccounts')).toEqual([ALICE, BOB]);
});
