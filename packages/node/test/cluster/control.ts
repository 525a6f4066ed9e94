import { type Address, blockMatchesHeader, type ControlOperation, type Hash, hashBlockHeader } from '@heddle/types';
import { accountAt } from '../support/accounts.ts';
import type { TestNetwork } from '../support/network.ts';
import { EVERYONE, type Facts, onOneAndTwoShards, type Scenario, transfers } from './scenario.ts';

const LAGGARD = 3;
const PERSON: Address = `0x${'5e'.repeat(20)}`;
const CONTRACT: Address = `0x${'c0'.repeat(20)}`;
/** Returns PREVRANDAO, NUMBER and TIMESTAMP, a word each. */
const CODE = Uint8Array.of(0x44, 0x5f, 0x52, 0x43, 0x60, 0x20, 0x52, 0x42, 0x60, 0x40, 0x52, 0x60, 0x60, 0x5f, 0xf3);

const setting = (address: Address, value: bigint): ControlOperation => ({ kind: 'balance', address, value });
const storing = (slot: bigint, value: bigint): ControlOperation => ({
  kind: 'storage',
  address: CONTRACT,
  slot,
  value,
});
const mining = (network: TestNetwork, count: bigint, interval: bigint): ControlOperation => {
  const { timestamp } = network.node(0).chain.tree.root.block.header;
  return { kind: 'mine', count, firstTimestamp: timestamp + 1n, interval };
};

/** Sets everything that an account has, up and down, with nothing else to do. */
async function accountsAreSet(network: TestNetwork): Promise<Facts> {
  await network.startAll();
  await network.control([
    setting(PERSON, 10n ** 30n),
    setting(network.account(0).address, 5n),
    { kind: 'nonce', address: PERSON, value: 7n },
    { kind: 'code', address: CONTRACT, code: CODE },
    { kind: 'storage', address: CONTRACT, slot: 3n, value: 9n },
  ]);
  await network.idle();
  const person = accountAt(network, PERSON);
  const contract = accountAt(network, CONTRACT);
  const afterSetting = `${person.balance} ${person.nonce} ${contract.slot(3n)} ${contract.code.length}`;
  const minted = network.node(0).chain.store.minted();
  await network.control([setting(PERSON, 0n)]);
  await network.idle();
  const { store } = network.node(0).chain;
  return {
    afterSetting,
    poor: `${accountAt(network, network.account(0).address).balance}`,
    mintedAndBurned: minted === 10n ** 30n && store.burned() > 10n ** 30n,
    height: Number(network.height),
    personLeft: `${accountAt(network, PERSON).balance} ${accountAt(network, PERSON).nonce}`,
  };
}

/** An account gets storage and nothing else, then more of it, then code. */
async function storageAlone(network: TestNetwork): Promise<Facts> {
  await network.startAll();
  await network.control([storing(1n, 7n)]);
  await network.idle();
  const first = `${accountAt(network, CONTRACT).slot(1n)}`;
  await network.control([storing(2n, 8n), storing(1n, 0n)]);
  await network.idle();
  const second = `${accountAt(network, CONTRACT).slot(1n)} ${accountAt(network, CONTRACT).slot(2n)}`;
  await network.control([{ kind: 'code', address: CONTRACT, code: CODE }]);
  await network.idle();
  return { first, second, withCode: `${accountAt(network, CONTRACT).slot(2n)}` };
}

/** Control blocks stand among others: before, between and behind transactions. */
async function amongTransactions(network: TestNetwork): Promise<Facts> {
  await network.startAll();
  await transfers(network, EVERYONE, 2);
  for (let round = 1n; round <= 3n; round++) {
    const hash = network.transfer(0, network.account(0), network.account(0, 1).address, 7n);
    await network.control([setting(PERSON, round)]);
    await network.executed(hash);
  }
  await transfers(network, EVERYONE, 2);
  await network.idle();
  const missed = network.node(0).chain.tree.root.shards.map((tip) => tip.missed);
  return { person: Number(accountAt(network, PERSON).balance), missed: missed.join(' ') };
}

/** Base fee, PREVRANDAO and gas limit of blocks to come. */
async function blocksToCome(network: TestNetwork): Promise<Facts> {
  await network.startAll();
  const mix: Hash = `0x${'ab'.repeat(32)}`;
  await network.control([
    { kind: 'nextBaseFee', value: 123_456_789n },
    { kind: 'nextPrevRandao', value: mix },
    { kind: 'gasLimit', value: 22_000_000n },
  ]);
  // Not mined: what is pending stays so.
  await network.control([setting(PERSON, 1n)]);
  const hash = network.transfer(0, network.account(0), network.account(network.genesis.shardCount - 1, 1).address, 7n);
  await network.executed(hash);
  await network.idle();
  const { store, tree } = network.node(0).chain;
  const at = (height: bigint): string => {
    const header = store.blockByNumber(height)?.header;
    return `${header?.baseFeePerGas === 123_456_789n} ${header?.mixHash === mix} ${header?.gasLimit}`;
  };
  return {
    set: at(1n),
    between: at(2n),
    mined: at(3n),
    left: `${tree.root.control.nextBaseFee} ${tree.root.control.nextPrevRandao}`,
  };
}

/** A run of blocks is one decision; each of them can be asked for, and what comes next stands on the last. */
async function run(network: TestNetwork): Promise<Facts> {
  await network.startAll();
  await transfers(network, EVERYONE, 1);
  await network.idle();
  const from = network.height;
  await network.control([mining(network, 600n, 12n)]);
  await transfers(network, EVERYONE, 2);
  await network.idle();
  const { store } = network.node(0).chain;
  const header = (height: bigint) => store.blockByNumber(height)?.header;
  let linked = 0;
  for (let height = from + 1n; height <= network.height; height++) {
    const [block, parent] = [store.blockByNumber(height), store.blockHashByNumber(height - 1n)];
    if (block === null || parent === null) continue;
    const hash = hashBlockHeader(block.header);
    const isFound = store.blockByHash(hash)?.header.number === height && store.blockHashByNumber(height) === hash;
    if (block.header.parentHash === parent && isFound) linked++;
  }
  const decided = store.blockByNumber(from + 600n);
  return {
    linked: linked === Number(network.height - from),
    seconds: Number((header(from + 600n)?.timestamp ?? 0n) - (header(from + 1n)?.timestamp ?? 0n)),
    matches: decided !== null && blockMatchesHeader(decided),
    fellFee: (header(from + 600n)?.baseFeePerGas ?? 0n) < 8n,
    missed: network.node(0).chain.tree.root.shards.every((tip) => tip.missed < 3),
  };
}

/** One is down while runs are mined and accounts set, another restarts behind them, and both come to the same. */
async function caughtUp(network: TestNetwork): Promise<Facts> {
  await network.startAll();
  await transfers(network, EVERYONE, 1);
  await network.stop(LAGGARD);
  for (let round = 0n; round < 3n; round++) {
    await network.control([setting(PERSON, round)]);
    await network.control([mining(network, 90n, 1n)]);
    await transfers(network, [0, 1, 2], 1);
  }
  await network.idle();
  await network.start(LAGGARD);
  await network.idle();
  const isThere = network.node(LAGGARD).chain.tree.root.height === network.height;
  await network.stop(0);
  await network.start(0);
  await network.idle();
  await network.control([mining(network, 3n, 1n)]);
  await transfers(network, EVERYONE, 2);
  await network.idle();
  const roots = EVERYONE.map((index) => network.node(index).chain.tree.root.hash);
  return {
    isThere,
    sameHead: new Set(roots).size === 1,
    control: Number(network.node(0).chain.tree.root.control.nextNumber),
  };
}

export const CONTROL: readonly Scenario[] = [
  ...onOneAndTwoShards('accounts are set', accountsAreSet),
  ...onOneAndTwoShards('storage of an empty account', storageAlone),
  ...onOneAndTwoShards('control blocks among transactions', amongTransactions),
  ...onOneAndTwoShards('blocks to come are set', blocksToCome),
  ...onOneAndTwoShards('a run is mined', run),
  ...onOneAndTwoShards('who was down during control blocks', caughtUp),
];
