import { expect, test } from '@jest/globals';
import { encodeDeployData, getContract, parseAbi } from 'viem';
import { compiledInitCode } from '../../support/compose/artifacts.ts';
import type { Network } from '../../support/compose/network.ts';
import { onEveryNetwork } from '../../support/compose/on-every-network.ts';

const TOKEN = parseAbi([
  'constructor(uint256 supply)',
  'function transfer(address to, uint256 amount) returns (bool)',
  'function transferFrom(address from, address to, uint256 amount) returns (bool)',
  'function approve(address spender, uint256 amount) returns (bool)',
  'function balanceOf(address owner) view returns (uint256)',
  'function allowance(address owner, address spender) view returns (uint256)',
  'function totalSupply() view returns (uint256)',
  'event Transfer(address indexed from, address indexed to, uint256 value)',
  'error ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed)',
]);
const SUPPLY = 1_000_000n;
const ALL = [0, 1, 2, 3, 4, 5, 6, 7];

async function setUp(net: Network) {
  const bytecode = await compiledInitCode('Token');
  const deployment = encodeDeployData({ abi: TOKEN, bytecode, args: [SUPPLY] });
  const address = await net.deploy('token', net.user(0), deployment);
  const token = getContract({ address, abi: TOKEN, client: net.client });
  for (const { address: to } of net.users.slice(1)) {
    await net.mined('share', token.write.transfer([to, 1_000n], { account: net.user(0) }));
  }
  return { net, token };
}

onEveryNetwork(setUp, (world) => {
  test.each(ALL)('user %i transfers, and the next one takes what was allowed', async (index) => {
    const { net, token } = world();
    const [owner, spender, receiver] = [index, index + 3, index + 6].map((user) => net.user(user % 8));
    if (owner === undefined || spender === undefined || receiver === undefined) throw new Error('no such user');
    const before = await token.read.balanceOf([receiver.address]);
    await net.mined('transfer', token.write.transfer([receiver.address, 10n], { account: owner }));
    await net.mined('approve', token.write.approve([spender.address, 30n], { account: owner }));
    await net.mined(
      'transfer from',
      token.write.transferFrom([owner.address, receiver.address, 25n], { account: spender }),
    );
    expect(await token.read.balanceOf([receiver.address])).toBe(before + 35n);
    expect(await token.read.allowance([owner.address, spender.address])).toBe(5n);
  });

  test.each(ALL)('user %i cannot spend what is not there', async (index) => {
    const { net, token } = world();
    const account = net.user(index);
    const args = [net.user(0).address, SUPPLY + 1n] as const;
    await expect(token.simulate.transfer(args, { account })).rejects.toThrow('ERC20InsufficientBalance');
    await net.reverted('transfer too much', token.write.transfer(args, { account, gas: 100_000n }));
  });

  test('balances sum to the supply, and the logs tell the same', async () => {
    const { net, token } = world();
    const balances = await Promise.all(net.users.map(({ address }) => token.read.balanceOf([address])));
    expect(balances.reduce((sum, balance) => sum + balance, 0n)).toBe(await token.read.totalSupply());
    const logs = await net.reader.getContractEvents({
      address: token.address,
      abi: TOKEN,
      eventName: 'Transfer',
      fromBlock: 0n,
      strict: true,
    });
    const logged = new Map<string, bigint>();
    for (const { args } of logs) {
      logged.set(args.from, (logged.get(args.from) ?? 0n) - args.value);
      logged.set(args.to, (logged.get(args.to) ?? 0n) + args.value);
    }
    expect(net.users.map(({ address }) => logged.get(address))).toEqual(balances);
  });
});
