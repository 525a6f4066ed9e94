import { expect, test } from '@jest/globals';
import { concat, encodeFunctionData, type Hex, parseAbi, parseEventLogs, zeroAddress } from 'viem';
import { compiledInitCode } from '../../support/compose/artifacts.ts';
import { at, type Network } from '../../support/compose/network.ts';
import { onEveryNetwork } from '../../support/compose/on-every-network.ts';
import { deployToken } from '../../support/compose/token.ts';

const WALLET = parseAbi([
  'struct Call { address to; uint256 value; bytes data; }',
  'function run(Call[] calls) payable',
  'function count()',
  'function runs() view returns (uint256)',
  'event Ran(address indexed account, address indexed by, uint256 runs)',
]);
/** Enough for an authorization and a call; said, since estimates of type 4 are no part of this. */
const GAS = 500_000n;
const COUNT = encodeFunctionData({ abi: WALLET, functionName: 'count' });
/** One user of each of four shards. */
const USERS = [0, 2, 4, 6];

async function setUp(net: Network) {
  const wallet = await compiledInitCode('Wallet');
  const wallets: Hex[] = [];
  for (const index of USERS) wallets.push(await net.deploy('wallet code', net.user(index), wallet));
  const token = await deployToken(net, net.user(7));
  return { net, wallets, token };
}

type World = Awaited<ReturnType<typeof setUp>>;

/** The code of an account that delegates (EIP-7702). */
function delegationTo(address: Hex): Hex {
  return concat(['0xef0100', lower(address)]);
}

function lower(address: Hex): Hex {
  return `0x${address.slice(2).toLowerCase()}`;
}

function runsOf({ net }: World, address: Hex): Promise<bigint> {
  return net.reader.readContract({ address, abi: WALLET, functionName: 'runs' });
}

onEveryNetwork(setUp, (world) => {
  test.each(USERS)('user %i delegates to code of every shard in turn, and runs it', async (index) => {
    const { net, wallets } = world();
    const account = net.user(index);
    const { address } = account;
    for (const contractAddress of wallets) {
      const runs = await net.reader.readContract({
        address: contractAddress,
        abi: WALLET,
        functionName: 'runs',
      });
      const authorization = await net.writer.signAuthorization({ account, contractAddress, executor: 'self' });
      const { logs } = await net.mined(
        'delegate and count',
        net.writer.sendTransaction({
          account,
          authorizationList: [authorization],
          to: address,
          data: COUNT,
          gas: GAS,
        }),
      );
      const event = at(parseEventLogs({ abi: WALLET, logs, eventName: 'Ran' }), 0);
      expect(event.args).toMatchObject({ account: address, by: address });
      expect(await net.reader.getCode({ address })).toBe(delegationTo(contractAddress));
      // The storage is the account's, the code's own stays as it was.
      expect(await net.reader.readContract({ address: contractAddress, abi: WALLET, functionName: 'runs' })).toBe(runs);
    }
    expect(await runsOf(world(), address)).toBe(BigInt(wallets.length));
  });

  test.each(USERS)('user %i pays users and moves tokens of other shards in one transaction', async (index) => {
    const { net, token } = world();
    const account = net.user(index);
    await net.mined('tokens', token.write.transfer([account.address, 100n], { account: net.user(7) }));
    const payees = [1, 3, 5].map((user) => net.user(user).address);
    const before = await Promise.all(payees.map((address) => net.reader.getBalance({ address })));
    const transfer = encodeFunctionData({ abi: token.abi, functionName: 'transfer', args: [net.user(1).address, 40n] });
    const calls = [
      ...payees.map((to, i) => ({ to, value: BigInt(i + 1), data: '0x' as const })),
      { to: token.address, value: 0n, data: transfer },
    ];
    await net.mined(
      'run calls',
      net.writer.writeContract({ account, address: account.address, abi: WALLET, functionName: 'run', args: [calls] }),
    );
    const after = await Promise.all(payees.map((address) => net.reader.getBalance({ address })));
    expect(after.map((balance, i) => balance - at(before, i))).toEqual([1n, 2n, 3n]);
    expect(await token.read.balanceOf([account.address])).toBe(60n);
    await net.reverted(
      'run calls of another',
      net.writer.writeContract({
        account: net.user(3),
        address: account.address,
        abi: WALLET,
        functionName: 'run',
        args: [calls],
        gas: GAS,
      }),
    );
  });

  test.each(USERS)('anyone calls the delegated account of user %i', async (index) => {
    const { net } = world();
    const { address } = net.user(index);
    const runs = await runsOf(world(), address);
    for (const caller of [1, 3, 5, 7]) {
      await net.mined(
        'count by another',
        net.writer.writeContract({ account: net.user(caller), address, abi: WALLET, functionName: 'count' }),
      );
    }
    expect(await runsOf(world(), address)).toBe(runs + 4n);
  });

  test('one transaction carries authorizations of users of every shard', async () => {
    const { net, wallets } = world();
    const sender = net.user(0);
    const authorities = [1, 3, 5, 7].map((index) => net.user(index));
    const authorizationList = await Promise.all(
      authorities.map((account, i) =>
        net.writer.signAuthorization({ account, contractAddress: at(wallets, (i + 1) % wallets.length) }),
      ),
    );
    const nonces = await Promise.all(authorities.map(({ address }) => net.reader.getTransactionCount({ address })));
    await net.mined(
      'authorizations of four',
      net.writer.sendTransaction({
        account: sender,
        authorizationList,
        to: at(authorities, 2).address,
        data: COUNT,
        gas: GAS,
      }),
    );
    for (const [i, { address }] of authorities.entries()) {
      expect(await net.reader.getCode({ address })).toBe(delegationTo(at(wallets, (i + 1) % wallets.length)));
      expect(await net.reader.getTransactionCount({ address })).toBe(at(nonces, i) + 1);
      expect(await runsOf(world(), address)).toBe(i === 2 ? 1n : 0n);
    }
  });

  test('two users authorize each other', async () => {
    const { net, wallets } = world();
    const [one, other] = [net.user(1), net.user(6)];
    for (const [sender, authority, i] of [
      [one, other, 0],
      [other, one, 3],
    ] as const) {
      const contractAddress = at(wallets, i);
      const authorization = await net.writer.signAuthorization({ account: authority, contractAddress });
      await net.mined(
        'authorization of the other',
        net.writer.sendTransaction({
          account: sender,
          authorizationList: [authorization],
          to: authority.address,
          data: COUNT,
          gas: GAS,
        }),
      );
      expect(await net.reader.getCode({ address: authority.address })).toBe(delegationTo(contractAddress));
    }
  });

  test('an authorization with a nonce of the past is skipped, and the transaction goes on', async () => {
    const { net, wallets } = world();
    const authority = net.user(5);
    const before = await net.reader.getCode({ address: authority.address });
    const stale = await authority.signAuthorization({
      contractAddress: at(wallets, 0),
      chainId: net.chain.id,
      nonce: 0,
    });
    await net.mined(
      'stale authorization',
      net.writer.sendTransaction({
        account: net.user(2),
        authorizationList: [stale],
        to: net.user(4).address,
        value: 1n,
        gas: GAS,
      }),
    );
    expect(await net.reader.getCode({ address: authority.address })).toBe(before);
  });

  test.each(USERS)('user %i takes the delegation back', async (index) => {
    const { net } = world();
    const account = net.user(index);
    const authorization = await net.writer.signAuthorization({
      account,
      contractAddress: zeroAddress,
      executor: 'self',
    });
    await net.mined(
      'take back',
      net.writer.sendTransaction({ account, authorizationList: [authorization], to: net.user(1).address, gas: GAS }),
    );
    expect(await net.reader.getCode({ address: account.address })).toBeUndefined();
  });
});
