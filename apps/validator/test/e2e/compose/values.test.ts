import { expect, test } from '@jest/globals';
import { encodeFunctionData, type Hex, parseAbi } from 'viem';
import { compiledInitCode } from '../../support/compose/artifacts.ts';
import { at, type Network } from '../../support/compose/network.ts';
import { onEveryNetwork } from '../../support/compose/on-every-network.ts';

const PURSE = parseAbi([
  'function pay(address[] to) payable',
  'function poke(address target, bytes data) returns (bool ok, bytes result)',
]);
/** ECRECOVER, SHA256, IDENTITY, BLAKE2F, KZG, BLS12_MAP_FP2_TO_G2, P256VERIFY: with code of their own, without an account. */
const PRECOMPILES: readonly Hex[] = [
  '0x0000000000000000000000000000000000000001',
  '0x0000000000000000000000000000000000000002',
  '0x0000000000000000000000000000000000000004',
  '0x0000000000000000000000000000000000000011',
  '0x0000000000000000000000000000000000000100',
];
/** Those that take empty input. */
const LENIENT = PRECOMPILES.filter((address) => !address.endsWith('11'));
/** Said, since anvil estimates 21,000 for them. */
const GAS = 100_000n;
/** One user of each of four shards. */
const USERS = [0, 2, 4, 6];

async function setUp(net: Network) {
  const purse = await compiledInitCode('Purse');
  const purses: Hex[] = [];
  for (const index of USERS) purses.push(await net.deploy('purse', net.user(index), purse));
  return { net, purses };
}

async function balances(net: Network, addresses: readonly Hex[]): Promise<readonly bigint[]> {
  return Promise.all(addresses.map((address) => net.reader.getBalance({ address })));
}

onEveryNetwork(setUp, (world) => {
  test.each(USERS)('user %i sends value to precompiles', async (index) => {
    const { net } = world();
    for (const to of LENIENT) {
      const before = await net.reader.getBalance({ address: to });
      await net.mined(
        `value to ${to}`,
        net.writer.sendTransaction({ account: net.user(index), to, value: 3n, gas: GAS }),
      );
      expect(await net.reader.getBalance({ address: to })).toBe(before + 3n);
    }
  });

  test.each(USERS)('a contract of user %i pays precompiles and users alike', async (index) => {
    const { net, purses } = world();
    const purse = at(purses, USERS.indexOf(index));
    const receivers = [...LENIENT, net.user(1).address, net.user(3).address, net.user(7).address];
    const before = await balances(net, receivers);
    await net.mined(
      'pay from a contract',
      net.writer.writeContract({
        account: net.user(5),
        address: purse,
        abi: PURSE,
        functionName: 'pay',
        args: [receivers],
        value: BigInt(receivers.length) * 11n,
      }),
    );
    const after = await balances(net, receivers);
    expect(after.map((balance, i) => balance - at(before, i))).toEqual(receivers.map(() => 11n));
  });

  test.each(USERS)('value to a precompile that refuses its input stays with user %i', async (index) => {
    const { net } = world();
    const [to] = PRECOMPILES.filter((address) => !LENIENT.includes(address));
    if (to === undefined) throw new Error('there is no strict precompile');
    const before = await net.reader.getBalance({ address: to });
    await net.reverted(
      'bad input with value',
      net.writer.sendTransaction({ account: net.user(index), to, value: 3n, gas: GAS }),
    );
    expect(await net.reader.getBalance({ address: to })).toBe(before);
  });

  test.each(USERS)('user %i pays a user of every shard for 21,000 gas', async (index) => {
    const { net } = world();
    const account = net.user(index);
    for (const payee of USERS) {
      const { address } = net.user(payee + 1);
      const before = await net.reader.getBalance({ address });
      const transfer = net.writer.sendTransaction({ account, to: address, value: 1n });
      expect((await net.mined('transfer', transfer)).gasUsed).toBe(21_000n);
      expect(await net.reader.getBalance({ address })).toBe(before + 1n);
    }
  });

  test.each(USERS)('contracts of every shard call through one another for user %i', async (index) => {
    const { net, purses } = world();
    const receiver = net.user((index + 5) % 8).address;
    const pay = encodeFunctionData({ abi: PURSE, functionName: 'pay', args: [[receiver]] });
    const data = purses
      .slice(1)
      .reduceRight<Hex>(
        (inner, target) => encodeFunctionData({ abi: PURSE, functionName: 'poke', args: [target, inner] }),
        pay,
      );
    await net.mined(
      'poke through all',
      net.writer.sendTransaction({ account: net.user(index), to: at(purses, 0), data }),
    );
    const { data: answer } = await net.reader.call({ account: net.user(index), to: at(purses, 0), data });
    // Every call of the chain succeeded: `ok` of each level, the outermost being the call itself.
    expect(answer?.match(/0{63}1/g) ?? []).toHaveLength(purses.length - 1);
  });
});
