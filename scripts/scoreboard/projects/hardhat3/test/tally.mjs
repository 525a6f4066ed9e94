import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { network } from 'hardhat';
import { getAddress } from 'viem';
import { trial } from '../record.mjs';

const SINK = '0x000000000000000000000000000000000000dEaD';
const { viem, networkHelpers, ignition } = await network.connect({ network: 'live' });
const reader = await viem.getPublicClient();
const wallets = await viem.getWalletClients();
const deploy = () => viem.deployContract('Tally');
const done = async (hash) => reader.waitForTransactionReceipt({ hash: await hash });

describe('viem', () => {
  trial('viem', 'deploys, writes, reads', async () => {
    const tally = await deploy();
    await done(tally.write.raise());
    assert.equal(await tally.read.total(), 1n);
  });

  trial('viem', 'other accounts write', async () => {
    const tally = await deploy();
    for (const wallet of wallets.slice(1, 6)) {
      const own = await viem.getContractAt('Tally', tally.address, { client: { wallet } });
      await done(own.write.raise());
    }
    assert.equal(await tally.read.total(), 5n);
  });

  trial('viem', 'asserts a custom error', async () => {
    const tally = await deploy();
    await viem.assertions.revertWithCustomErrorWithArgs(tally.read.tooHigh([7n]), tally, 'TooHigh', [7n, 3n]);
  });

  trial('viem', 'asserts a reason', async () => {
    const tally = await deploy();
    await viem.assertions.revertWith(tally.read.refuse(), 'the tally is closed');
  });

  trial('viem', 'asserts an event', async () => {
    const tally = await deploy();
    const by = getAddress(wallets[0].account.address);
    await viem.assertions.emitWithArgs(tally.write.raise(), tally, 'Raised', [by, 1n]);
  });

  trial('viem', 'asserts changes of balances', async () => {
    const to = wallets[1].account.address;
    const sent = wallets[0].sendTransaction({ to, value: 5n });
    await viem.assertions.balancesHaveChanged(sent, [{ address: to, amount: 5n }]);
  });

  trial('viem', 'finds events', async () => {
    const tally = await deploy();
    await done(tally.write.raise());
    assert.equal((await tally.getEvents.Raised({}, { fromBlock: 0n })).length, 1);
  });
});

describe('control', () => {
  trial('control', 'mine', async () => {
    const before = await reader.getBlockNumber();
    await networkHelpers.mine(3);
    assert.equal(await reader.getBlockNumber({ cacheTime: 0 }), before + 3n);
  });

  trial('control', 'time.increase', () => networkHelpers.time.increase(100));

  trial('control', 'time.latest', async () => assert((await networkHelpers.time.latest()) > 0));

  trial('control', 'setBalance', () => networkHelpers.setBalance(SINK, 1n));

  trial('control', 'impersonateAccount', () => networkHelpers.impersonateAccount(SINK));

  trial('control', 'loadFixture', async () => {
    const first = await networkHelpers.loadFixture(deploy);
    const again = await networkHelpers.loadFixture(deploy);
    assert.equal(first.address, again.address);
  });

  trial('control', 'takeSnapshot', async () => {
    const snapshot = await networkHelpers.takeSnapshot();
    await snapshot.restore();
  });
});

describe('Ignition', () => {
  trial('Ignition', 'deploys in a test', async () => {
    const { default: module } = await import('../ignition/modules/Tally.mjs');
    const { tally } = await ignition.deploy(module);
    assert.equal(await tally.read.total(), 1n);
  });
});
