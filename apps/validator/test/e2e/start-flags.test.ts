import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { rpc, startDevnetProcess } from '../support/devnet-process.ts';

const RICH = '0x00000000000000000000000000000000000000aa';

test('a devnet begins as its flags say: genesis file, no mining, impersonation, config file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'heddle-start-'));
  const init = join(folder, 'genesis.json');
  const configOut = join(folder, 'config.json');
  const alloc = { [RICH]: { balance: '1000000000000000000', code: '0x00' } };
  writeFileSync(init, JSON.stringify({ config: { chainId: 7 }, timestamp: 5, gasLimit: '0x1c9c380', alloc }));
  const flags = ['--init', init, '--no-mining', '--auto-impersonate', '--config-out', configOut, '--accounts', '1'];
  const devnet = await startDevnetProcess(flags);
  const ask = (method: string, ...params: readonly unknown[]): Promise<unknown> =>
    rpc(devnet.ready.urls.http, method, params);
  try {
    expect(JSON.parse(readFileSync(configOut, 'utf8'))).toMatchObject({
      available_accounts: ['0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266'],
      base_fee: '1000000000',
      gas_limit: '30000000',
      genesis_timestamp: '5',
    });
    expect(await ask('eth_chainId')).toBe('0x7');
    expect(await ask('eth_getBlockByNumber', '0x0', false)).toMatchObject({ timestamp: '0x5' });
    const hash = await ask('eth_sendTransaction', { from: RICH, to: RICH, value: '0x1' });
    expect(await ask('eth_getTransactionByHash', hash)).toMatchObject({ from: RICH, blockNumber: null });
    expect(await ask('eth_blockNumber')).toBe('0x0');
    await ask('evm_mine');
    expect(await ask('eth_getTransactionReceipt', hash)).toMatchObject({
      from: RICH,
      status: '0x1',
      blockNumber: '0x1',
    });
  } finally {
    await devnet.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});

test('a chain goes on from the file that it was left in, if that is whole and of the same flags', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'heddle-state-'));
  const state = join(folder, 'state');
  try {
    const first = await startDevnetProcess(['--state', state]);
    const [sender] = first.ready.accounts;
    const transaction = { from: sender?.address, to: RICH, value: '0x5' };
    const hash = await rpc(first.ready.urls.http, 'eth_sendTransaction', [transaction]);
    await rpc(first.ready.urls.http, 'evm_mine');
    const receipt = await rpc(first.ready.urls.http, 'eth_getTransactionReceipt', [hash]);
    expect(receipt).toMatchObject({ status: '0x1' });
    expect(await first.stop()).toBe(0);
    const second = await startDevnetProcess(['--state', state]);
    expect(second.ready.head).toBe(2);
    expect(await rpc(second.ready.urls.http, 'eth_getTransactionReceipt', [hash])).toEqual(receipt);
    await rpc(second.ready.urls.http, 'eth_sendTransaction', [transaction]);
    await rpc(second.ready.urls.http, 'evm_mine');
    await second.kill();
    const third = await startDevnetProcess(['--load-state', state]);
    expect(third.ready.head).toBe(2);
    expect(await third.stop()).toBe(0);
    await expect(startDevnetProcess(['--load-state', state, '--shards', '1'])).rejects.toThrow(
      /ended with 2 .*--load-state: the chain in it was made with --shards 2, not 1/s,
    );
    const bytes = readFileSync(state);
    bytes[bytes.length - 9] = (bytes[bytes.length - 9] ?? 0) ^ 1;
    writeFileSync(state, bytes);
    await expect(startDevnetProcess(['--state', state])).rejects.toThrow(
      /ended with 2 .*--state: .*contents are not those that it was made with/s,
    );
    expect(readFileSync(state)).toEqual(bytes);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 120_000);
