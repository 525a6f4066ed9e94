import { encodeImpersonated } from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import { ALICE, BOB } from './support/fake-node.ts';
import { useServer } from './support/harness.ts';

const harness = useServer();
const STRANGER = `0x${'99'.repeat(20)}` as const;
const send = (request: object): Promise<unknown> => harness().call('eth_sendTransaction', request);
const shown = async (hash: unknown): Promise<unknown> => harness().call('eth_getTransactionByHash', hash);

const fund = (): Promise<unknown> => send({ from: ALICE, to: STRANGER, value: '0xde0b6b3a7640000', gas: '0x5208' });

describe.each(['anvil', 'hardhat'])('%s_impersonateAccount', (prefix) => {
  test('lets an account send without a key until it is stopped', async () => {
    await fund();
    const answers = prefix === 'anvil' ? [null, null, null] : [true, true, false];
    expect(await harness().call(`${prefix}_impersonateAccount`, STRANGER)).toBe(answers[0]);
    expect(await harness().call('eth_accounts')).toEqual([ALICE, BOB, STRANGER]);
    expect(await shown(await send({ from: STRANGER, to: BOB, gas: '0x5208' }))).toMatchObject({
      type: '0x2',
      from: STRANGER,
      r: '0x0',
      s: '0x0',
      v: '0x0',
      yParity: '0x0',
    });
    expect(await harness().call(`${prefix}_stopImpersonatingAccount`, STRANGER)).toBe(answers[1]);
    expect(await harness().call(`${prefix}_stopImpersonatingAccount`, STRANGER)).toBe(answers[2]);
    expect(await harness().fail('eth_sendTransaction', { from: STRANGER, to: BOB })).toMatchObject({ code: -32000 });
  });

  test('or all accounts at once', async () => {
    expect(await harness().call(`${prefix}_autoImpersonateAccount`, true)).toBeNull();
    await send({ from: ALICE, to: BOB, gas: '0x5208' });
    expect(await harness().call(`${prefix}_autoImpersonateAccount`, false)).toBeNull();
    await send({ from: ALICE, to: BOB, gas: '0x5208' });
    const made = harness().node.chain.blocks.flatMap(({ executed }) => executed.map(({ transaction }) => transaction));
    expect(made.map(({ raw }) => raw[0])).toEqual([0x7d, 2]);
  });
});

test('whatever the request asks for, it has the fields of type 2; a delegation it cannot be', async () => {
  await fund();
  await harness().call('anvil_impersonateAccount', STRANGER);
  const gasPrice = '0x77359400';
  expect(await shown(await send({ from: STRANGER, to: BOB, gas: '0x5208', gasPrice }))).toMatchObject({
    type: '0x2',
    maxFeePerGas: gasPrice,
    maxPriorityFeePerGas: gasPrice,
    accessList: [],
  });
  const authorizationList = [{ chainId: '0x0', address: BOB, nonce: '0x0', yParity: '0x0', r: '0x1', s: '0x1' }];
  expect(await harness().fail('eth_sendTransaction', { from: STRANGER, to: BOB, authorizationList })).toMatchObject({
    code: -32602,
    message: expect.stringContaining('authorizationList'),
  });
});

test('nobody sends one as bytes', async () => {
  await harness().call('anvil_impersonateAccount', STRANGER);
  const what = { nonce: 0n, gasLimit: 21_000n, to: BOB, value: 0n, data: new Uint8Array(0), accessList: [] };
  const { raw } = encodeImpersonated(
    { type: 2, chainId: 31_337n, maxFeePerGas: 10n ** 10n, maxPriorityFeePerGas: 0n, ...what },
    STRANGER,
  );
  const bytes = `0x${Buffer.from(raw).toString('hex')}`;
  for (const method of ['eth_sendRawTransaction', 'eth_sendRawTransactionSync']) {
    expect(await harness().fail(method, bytes)).toMatchObject({
      code: -32000,
      message: expect.stringContaining('impersonated transactions (type 0x7d) are made by a devnet alone'),
    });
  }
});
