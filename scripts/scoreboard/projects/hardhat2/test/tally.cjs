const assert = require('node:assert/strict');
const helpers = require('@nomicfoundation/hardhat-network-helpers');
const { ethers, ignition } = require('hardhat');
const { trial } = require('../record.cjs');

const SINK = '0x000000000000000000000000000000000000dEaD';
const SLOT = `0x${'0'.repeat(64)}`;
const WORD = `0x${'0'.repeat(63)}5`;

async function deploy() {
  const tally = await ethers.deployContract('Tally');
  return tally.waitForDeployment();
}

describe('ethers', () => {
  trial('ethers', 'deploys, writes, reads', async () => {
    const tally = await deploy();
    await (await tally.raise()).wait();
    assert.equal(await tally.total(), 1n);
  });

  trial('ethers', 'other accounts write', async () => {
    const tally = await deploy();
    for (const signer of (await ethers.getSigners()).slice(1, 6)) await (await tally.connect(signer).raise()).wait();
    assert.equal(await tally.total(), 5n);
  });

  trial('ethers', 'sees a custom error', async () => {
    const tally = await deploy();
    await assert.rejects(tally.tooHigh(7), /TooHigh/);
  });

  trial('ethers', 'sees a reason', async () => {
    const tally = await deploy();
    await assert.rejects(tally.refuse(), /the tally is closed/);
  });

  trial('ethers', 'a write that fails is not sent', async () => {
    const tally = await deploy();
    await assert.rejects(tally.raiseThenFail(), /TooHigh/);
  });

  trial('ethers', 'finds events', async () => {
    const tally = await deploy();
    await (await tally.raise()).wait();
    assert.equal((await tally.queryFilter('Raised')).length, 1);
  });
});

describe('control', () => {
  trial('control', 'mine', async () => {
    const before = await helpers.time.latestBlock();
    await helpers.mine(3);
    assert.equal(await helpers.time.latestBlock(), before + 3);
  });

  trial('control', 'mineUpTo', async () => {
    const target = (await helpers.time.latestBlock()) + 3;
    await helpers.mineUpTo(target);
    assert.equal(await helpers.time.latestBlock(), target);
  });

  trial('control', 'time.latest', async () => assert((await helpers.time.latest()) > 0));

  trial('control', 'time.increase', async () => {
    const before = await helpers.time.latest();
    await helpers.time.increase(100);
    assert((await helpers.time.latest()) >= before + 100);
  });

  trial('control', 'time.increaseTo', async () => {
    const target = (await helpers.time.latest()) + 100;
    await helpers.time.increaseTo(target);
    assert.equal(await helpers.time.latest(), target);
  });

  trial('control', 'time.setNextBlockTimestamp', async () => {
    const target = (await helpers.time.latest()) + 100;
    await helpers.time.setNextBlockTimestamp(target);
    await helpers.mine();
    assert.equal(await helpers.time.latest(), target);
  });

  trial('control', 'setBalance', async () => {
    await helpers.setBalance(SINK, 7n);
    assert.equal(await ethers.provider.getBalance(SINK), 7n);
  });

  trial('control', 'setCode', async () => {
    await helpers.setCode(SINK, '0x00');
    assert.equal(await ethers.provider.getCode(SINK), '0x00');
  });

  trial('control', 'setNonce', async () => {
    await helpers.setNonce(SINK, 7);
    assert.equal(await ethers.provider.getTransactionCount(SINK), 7);
  });

  trial('control', 'setStorageAt, getStorageAt', async () => {
    await helpers.setStorageAt(SINK, SLOT, WORD);
    assert.equal(await helpers.getStorageAt(SINK, SLOT), WORD);
  });

  trial('control', 'setCoinbase', () => helpers.setCoinbase(SINK));

  trial('control', 'setPrevRandao', () => helpers.setPrevRandao(7));

  trial('control', 'setBlockGasLimit', () => helpers.setBlockGasLimit(30_000_000));

  trial('control', 'setNextBlockBaseFeePerGas', () => helpers.setNextBlockBaseFeePerGas(2_000_000_000));

  trial('control', 'impersonateAccount', async () => {
    const stranger = `0x${'5'.repeat(40)}`;
    await helpers.setBalance(stranger, 10n ** 18n);
    await helpers.impersonateAccount(stranger);
    const signer = await ethers.getSigner(stranger);
    await (await signer.sendTransaction({ to: SINK.replace('dEaD', 'bEEF').toLowerCase(), value: 1 })).wait();
    await helpers.stopImpersonatingAccount(stranger);
  });

  trial('control', 'dropTransaction', async () => assert.equal(await helpers.dropTransaction(WORD), false));

  trial('control', 'takeSnapshot', async () => {
    const snapshot = await helpers.takeSnapshot();
    await helpers.mine(2);
    await snapshot.restore();
  });

  trial('control', 'loadFixture', async () => {
    const first = await helpers.loadFixture(deploy);
    const again = await helpers.loadFixture(deploy);
    assert.equal(await first.getAddress(), await again.getAddress());
  });
});

describe('Ignition', () => {
  trial('Ignition', 'deploys in a test', async () => {
    const module = require('../ignition/modules/Tally.cjs');
    const { tally } = await ignition.deploy(module);
    assert.equal(await tally.total(), 1n);
  });
});
