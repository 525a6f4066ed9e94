import { decodeTransaction } from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import { hashMessage, recoverMessageAddress } from 'viem';
import { FAILER } from './support/fake-chain.ts';
import { ALICE, BOB } from './support/fake-node.ts';
import { useServer } from './support/harness.ts';

const harness = useServer();
const STRANGER = `0x${'99'.repeat(20)}`;
const send = (request: object): Promise<unknown> => harness().call('eth_sendTransaction', request);
const shown = async (hash: unknown): Promise<unknown> => harness().call('eth_getTransactionByHash', hash);

test('a tip as large as a word is refused by the pool, not by a bug', async () => {
  const tip = `0x${'f'.repeat(64)}`;
  const error = await harness().fail('eth_sendTransaction', {
    from: ALICE,
    to: BOB,
    gas: '0x5208',
    maxPriorityFeePerGas: tip,
  });
  expect(error).toMatchObject({ code: -32000, message: expect.stringContaining('insufficient funds') });
});

describe('eth_sendTransaction', () => {
  test('fills in type 2, nonce, estimated gas and fees', async () => {
    harness().node.outcome = { kind: 'success', returnData: new Uint8Array(), gasUsed: 54_321n };
    expect(await shown(await send({ from: ALICE, to: BOB, value: '0x5', data: '0x01' }))).toMatchObject({
      type: '0x2',
      from: ALICE,
      nonce: '0x0',
      gas: '0xd431',
      input: '0x01',
      maxPriorityFeePerGas: '0x3b9aca00',
      maxFeePerGas: '0xb2d05e00',
      chainId: '0x7a69',
    });
  });

  test.each([
    [{ gasPrice: '0x77359400' }, { type: '0x0', gasPrice: '0x77359400' }],
    [{ type: '0x0' }, { type: '0x0', gasPrice: '0x77359400' }],
    [
      { gasPrice: '0x77359400', accessList: [] },
      { type: '0x1', accessList: [] },
    ],
    [{ accessList: [] }, { type: '0x2' }],
    [{ maxFeePerGas: '0x5' }, { type: '0x2', maxFeePerGas: '0x5', maxPriorityFeePerGas: '0x5' }],
    [{ maxPriorityFeePerGas: '0x7' }, { type: '0x2', maxFeePerGas: '0x77359407', maxPriorityFeePerGas: '0x7' }],
    [
      { authorizationList: [{ chainId: '0x0', address: BOB, nonce: '0x0', yParity: '0x0', r: '0x1', s: '0x1' }] },
      { type: '0x4', authorizationList: [{ address: BOB }] },
    ],
  ])('%j becomes %j', async (request, expected) => {
    expect(await shown(await send({ from: ALICE, to: BOB, ...request }))).toMatchObject(expected);
  });

  test('concurrent sends of one account get consecutive nonces, those of two do not wait for each other', async () => {
    harness().node.automine = false;
    harness().node.submitDelayMs = 5;
    const requests = Array.from({ length: 20 }, (_, index) => ({ from: index % 2 === 0 ? ALICE : BOB, to: BOB }));
    const hashes = await Promise.all(requests.map(send));
    expect(new Set(hashes).size).toBe(20);
    const nonces = harness()
      .node.pool.filter(({ sender }) => sender === ALICE)
      .map(({ fields }) => fields.nonce);
    expect(nonces).toEqual([0n, 1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n, 9n]);
    expect(decodeTransaction(harness().node.pool[0]?.raw ?? new Uint8Array()).hash).toBe(harness().node.pool[0]?.hash);
  });

  test('a send that fails leaves no gap behind', async () => {
    harness().node.outcome = { kind: 'revert', returnData: new Uint8Array(), gasUsed: 0n };
    expect(await harness().fail('eth_sendTransaction', { from: ALICE, to: FAILER })).toEqual({
      code: 3,
      message: 'execution reverted',
      data: '0x',
    });
    expect(await shown(await send({ from: ALICE, to: BOB, gas: '0x5208' }))).toMatchObject({ nonce: '0x0' });
  });

  test.each([
    [{ to: BOB }, -32602, 'invalid argument 0: missing field from'],
    [{ from: ALICE, to: BOB, chainId: '0x1' }, -32602, "chainId does not match node's (have=1, want=31337)"],
    [{ from: ALICE }, -32000, 'contract creation without any data provided'],
    [{ from: ALICE, to: BOB, nonce: '0xffffffffffffffff' }, -32000, 'nonce has max value (EIP-2681)'],
    [
      { from: ALICE, to: BOB, type: '0x0', maxFeePerGas: '0x1' },
      -32602,
      'invalid argument 0: a transaction of type 0x0 has no maxFeePerGas or maxPriorityFeePerGas',
    ],
    [
      { from: ALICE, to: BOB, type: '0x2', gasPrice: '0x1' },
      -32602,
      'invalid argument 0: a transaction of type 0x2 has no gasPrice',
    ],
    [
      { from: ALICE, to: BOB, type: '0x4' },
      -32602,
      'invalid argument 0: a transaction of type 0x4 needs an authorizationList',
    ],
    [{ from: ALICE, to: BOB, authorizationList: [] }, -32602, 'invalid argument 0: authorizationList is empty'],
    [
      { from: STRANGER, to: BOB },
      -32000,
      `unknown account ${STRANGER}: this node holds no key for it; eth_accounts lists those it can sign for`,
    ],
    [
      { from: ALICE, to: BOB, gas: '0x5208', value: '0xffffffffffffffffffff' },
      -32000,
      'insufficient funds for gas * price + value: address has too little',
    ],
  ])('%j is refused', async (request, code, message) => {
    expect(await harness().fail('eth_sendTransaction', request)).toEqual({ code, message, data: undefined });
  });
});

describe('signatures', () => {
  test('eth_accounts', async () => {
    expect(await harness().call('eth_accounts')).toEqual([ALICE, BOB]);
  });

  test('personal_sign and eth_sign sign what viem recovers', async () => {
    const message = '0xc3bc626572' as const;
    const signature = await harness().call('personal_sign', message, ALICE);
    expect(await harness().call('personal_sign', message, ALICE, 'password')).toBe(signature);
    expect(await harness().call('eth_sign', ALICE, message)).toBe(signature);
    expect(signature).toMatch(/^0x[0-9a-f]{128}(1b|1c)$/);
    const recovered = await recoverMessageAddress({
      message: { raw: message },
      signature: `0x${String(signature).slice(2)}`,
    });
    expect(recovered.toLowerCase()).toBe(ALICE);
    expect(hashMessage({ raw: message })).toMatch(/^0x/);
  });

  test('strangers and nonsense are refused', async () => {
    expect((await harness().fail('personal_sign', '0x00', STRANGER)).code).toBe(-32000);
    expect((await harness().fail('eth_signTypedData_v4', STRANGER, {})).code).toBe(-32000);
    expect((await harness().fail('personal_sign', 'hello', ALICE)).message).toBe(
      'invalid argument 0: hex string without 0x prefix',
    );
  });
});
