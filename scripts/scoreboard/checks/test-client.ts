import { createTestClient, type Hex, http, pad, publicActions, type TestClient } from 'viem';
import type { Check } from '../check.ts';
import { type Flow, flow, runFlows, same } from '../flows.ts';
import { control } from '../result.ts';
import { openWorld, SINK, type World } from '../world.ts';

const ROW = "viem's test client";
/** Nobody has its key. */
const STRANGER: Hex = `0x${'5'.repeat(40)}`;
const ETHER = 10n ** 18n;

/** The methods that change a devnet outside of transactions. */
export const testClientCheck: Check = {
  name: 'test-client',
  row: ROW,
  run: async (subject) => {
    const world = openWorld(subject);
    const client = createTestClient({ chain: world.chain, mode: 'anvil', transport: http(subject.http) });
    return [
      control(ROW, await runFlows([...stateFlows(client, world), ...blockFlows(client, world), ...poolFlows(client)])),
    ];
  },
};

function stateFlows(client: TestClient, { reader, unlocked, done }: World): readonly Flow[] {
  return [
    flow('setBalance', async () => {
      await client.setBalance({ address: SINK, value: 7n });
      same(await reader.getBalance({ address: SINK }), 7n, 'balance');
    }),
    flow('setCode', async () => {
      await client.setCode({ address: SINK, bytecode: '0x00' });
      same(await reader.getCode({ address: SINK }), '0x00', 'code');
    }),
    flow('setNonce', async () => {
      await client.setNonce({ address: SINK, nonce: 7 });
      same(await reader.getTransactionCount({ address: SINK }), 7, 'nonce');
    }),
    flow('setStorageAt', async () => {
      await client.setStorageAt({ address: SINK, index: 0, value: pad('0x05') });
      same(await reader.getStorageAt({ address: SINK, slot: '0x0' }), pad('0x05'), 'slot');
    }),
    flow('snapshot, revert', async () => {
      const before = await reader.getBalance({ address: STRANGER });
      const id = await client.snapshot();
      await client.setBalance({ address: STRANGER, value: before + 1n });
      await client.revert({ id });
      same(await reader.getBalance({ address: STRANGER }), before, 'balance');
    }),
    flow('impersonateAccount, stopImpersonatingAccount', async () => {
      await client.setBalance({ address: STRANGER, value: ETHER });
      await client.impersonateAccount({ address: STRANGER });
      await done(unlocked(STRANGER).sendTransaction({ to: SINK, value: 1n }));
      await client.stopImpersonatingAccount({ address: STRANGER });
    }),
    flow('dumpState', () => client.dumpState()),
  ];
}

function blockFlows(client: TestClient, { reader }: World): readonly Flow[] {
  const latest = client.extend(publicActions);
  return [
    flow('mine', async () => {
      const before = await reader.getBlockNumber();
      await client.mine({ blocks: 2 });
      same(await reader.getBlockNumber(), before + 2n, 'number');
    }),
    flow('increaseTime', async () => {
      const { timestamp } = await latest.getBlock();
      await client.increaseTime({ seconds: 1_000 });
      await client.mine({ blocks: 1 });
      const moved = (await latest.getBlock()).timestamp - timestamp;
      if (moved < 1_000n) throw new Error(`time moved by ${moved} s`);
    }),
    flow('setNextBlockTimestamp', async () => {
      const { timestamp } = await latest.getBlock();
      await client.setNextBlockTimestamp({ timestamp: timestamp + 100n });
      await client.mine({ blocks: 1 });
      same((await latest.getBlock()).timestamp, timestamp + 100n, 'timestamp');
    }),
    flow('setNextBlockBaseFeePerGas', async () => {
      await client.setNextBlockBaseFeePerGas({ baseFeePerGas: 2n * 10n ** 9n });
      await client.mine({ blocks: 1 });
      same((await latest.getBlock()).baseFeePerGas, 2n * 10n ** 9n, 'base fee');
    }),
    flow('setCoinbase', () => client.setCoinbase({ address: SINK })),
    flow('setBlockGasLimit', () => client.setBlockGasLimit({ gasLimit: 30_000_000n })),
    flow('setIntervalMining', async () => {
      await client.setIntervalMining({ interval: 0 });
      await client.setAutomine(true);
    }),
    flow('setAutomine', () => client.setAutomine(true)),
    flow('getAutomine', async () => same(await client.getAutomine(), true, 'automine')),
  ];
}

function poolFlows(client: TestClient): readonly Flow[] {
  return [
    flow('dropTransaction', () => client.dropTransaction({ hash: pad('0x01') })),
    flow('getTxpoolStatus', async () => same((await client.getTxpoolStatus()).pending, 0, 'pending')),
    flow('inspectTxpool', () => client.inspectTxpool()),
  ];
}
