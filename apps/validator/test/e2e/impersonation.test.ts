import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  createTestClient,
  type Hash,
  type Hex,
  http,
  isHex,
  keccak256,
  parseEther,
  publicActions,
  walletActions,
} from 'viem';
import { foundry } from 'viem/chains';
import { type DevnetProcess, rpc, startDevnetProcess } from '../support/devnet-process.ts';

/** Init code of a contract that takes whatever comes: its code is a STOP. */
const INIT_CODE: Hex = '0x60016000f3';
const BOB: Hex = `0x${'b0'.repeat(20)}`;
/** Enough that some reside away from their home where there are several shards. */
const CONTRACTS = 6;

function clientOf(url: string) {
  return createTestClient({ mode: 'anvil', chain: foundry, transport: http(url), pollingInterval: 50 })
    .extend(publicActions)
    .extend(walletActions);
}

describe.each([1, 2, 4])('on %i shard(s)', (shards) => {
  let devnet: DevnetProcess;
  let client: ReturnType<typeof clientOf>;
  let contracts: readonly Hex[];

  const raw = (method: string, ...params: readonly unknown[]): Promise<unknown> =>
    rpc(devnet.ready.urls.http, method, params);
  const owner = (index = 0): Hex => {
    const account = devnet.ready.accounts[index % devnet.ready.accounts.length];
    if (account === undefined) throw new Error('there are accounts');
    return account.address;
  };

  beforeAll(async () => {
    devnet = await startDevnetProcess(['--shards', String(shards)]);
    client = clientOf(devnet.ready.urls.http);
    const made: Hex[] = [];
    for (let i = 0; i < CONTRACTS; i++) {
      const hash = await client.sendTransaction({ account: owner(i), data: INIT_CODE });
      const { contractAddress } = await client.waitForTransactionReceipt({ hash });
      if (typeof contractAddress !== 'string') throw new Error('not deployed');
      await sent(client.sendTransaction({ account: owner(), to: contractAddress, value: parseEther('1') }));
      made.push(contractAddress);
    }
    contracts = made;
  });

  afterAll(async () => {
    expect(devnet.log()).toBe('');
    expect(await devnet.stop()).toBe(0);
  });

  async function sent(sending: Promise<Hash>) {
    const receipt = await client.waitForTransactionReceipt({ hash: await sending });
    expect(receipt.status).toBe('success');
    return receipt;
  }

  test('contracts send, wherever they reside', async () => {
    const away = new Set<boolean>();
    for (const [index, contract] of contracts.entries()) {
      const place = JSON.stringify(await raw('shard_getResidence', contract));
      away.add(!/"home":(\d+),"residence":\1\b/.test(place));
      const before = await client.getBalance({ address: contract });
      await client.impersonateAccount({ address: contract });
      const receipt = await sent(client.sendTransaction({ account: contract, to: BOB, value: 1_000n }));
      expect(receipt).toMatchObject({ from: contract, type: 'eip1559', gasUsed: 21_000n });
      expect(await client.getTransactionCount({ address: contract })).toBe(2);
      expect(await client.getBalance({ address: BOB })).toBe(1_000n * BigInt(index + 1));
      const fee = receipt.gasUsed * receipt.effectiveGasPrice;
      expect(await client.getBalance({ address: contract })).toBe(before - 1_000n - fee);
      await client.stopImpersonatingAccount({ address: contract });
    }
    expect(away.has(true)).toBe(shards > 1);
  });

  test('a transaction is shown without a signature, under the hash of its bytes, and can be executed again', async () => {
    const [contract = BOB] = contracts;
    await client.impersonateAccount({ address: contract });
    expect((await client.getAddresses()).map((one) => one.toLowerCase())).toContain(contract);
    const { transactionHash: hash } = await sent(client.sendTransaction({ account: contract, data: INIT_CODE }));
    expect(await raw('eth_getTransactionByHash', hash)).toMatchObject({
      type: '0x2',
      from: contract,
      v: '0x0',
      yParity: '0x0',
      r: '0x0',
      s: '0x0',
    });
    const bytes = await raw('debug_getRawTransaction', hash);
    if (!isHex(bytes)) throw new Error(`bytes: ${bytes}`);
    expect(bytes.slice(0, 4)).toBe('0x7d');
    expect(keccak256(bytes)).toBe(hash);
    expect(await raw('debug_traceTransaction', hash, { tracer: 'callTracer' })).toMatchObject({
      type: 'CREATE',
      from: contract,
      output: '0x00',
    });
    await expect(client.sendRawTransaction({ serializedTransaction: bytes })).rejects.toThrow('made by a devnet alone');
    await client.stopImpersonatingAccount({ address: contract });
    await expect(client.sendTransaction({ account: contract, to: BOB })).rejects.toThrow('unknown account');
  });

  test('what one sends in a row is executed in a row, also with all accounts impersonated', async () => {
    const [, contract = BOB] = contracts;
    await raw('anvil_autoImpersonateAccount', true);
    const nonce = await client.getTransactionCount({ address: contract });
    const hashes = await Promise.all(
      [1n, 2n, 3n, 4n].map((value) => client.sendTransaction({ account: contract, to: owner(), value })),
    );
    for (const hash of hashes) await client.waitForTransactionReceipt({ hash });
    expect(await client.getTransactionCount({ address: contract })).toBe(nonce + 4);
    await sent(client.sendTransaction({ account: owner(), to: BOB, value: 1n, gasPrice: 10n ** 10n }));
    await raw('anvil_autoImpersonateAccount', false);
    await expect(client.sendTransaction({ account: contract, to: BOB })).rejects.toThrow('unknown account');
  });
});
