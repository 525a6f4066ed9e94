import { expect, test } from '@jest/globals';
import { createPublicClient, encodeFunctionData, getContract, http, parseAbi } from 'viem';
import { multicall3InitCode } from '../../support/compose/artifacts.ts';
import { at, type Network } from '../../support/compose/network.ts';
import { onEveryNetwork } from '../../support/compose/on-every-network.ts';
import { deployToken } from '../../support/compose/token.ts';

const MULTICALL3 = parseAbi([
  'struct Call3Value { address target; bool allowFailure; uint256 value; bytes callData; }',
  'struct Result { bool success; bytes returnData; }',
  'function aggregate3Value(Call3Value[] calls) payable returns (Result[])',
  'function getEthBalance(address account) view returns (uint256)',
]);
/** One user of each of four shards owns a token. */
const OWNERS = [0, 2, 4, 6];

async function setUp(net: Network) {
  const address = await net.deploy('Multicall3', net.user(3), await multicall3InitCode());
  const tokens = [];
  for (const index of OWNERS) tokens.push(await deployToken(net, net.user(index)));
  const chain = { ...net.chain, contracts: { multicall3: { address } } };
  return {
    net,
    tokens,
    multicall3: getContract({ address, abi: MULTICALL3, client: net.client }),
    /** Every read of one turn of the event loop goes into one call. */
    batching: createPublicClient({ chain, transport: http(net.url), batch: { multicall: true } }),
    reader: createPublicClient({ chain, transport: http(net.url) }),
  };
}

onEveryNetwork(setUp, (world) => {
  test('one call reads tokens of every shard', async () => {
    const { net, tokens, reader } = world();
    const contracts = tokens.map(
      ({ address, abi }, i) =>
        ({ address, abi, functionName: 'balanceOf', args: [net.user(at(OWNERS, i)).address] }) as const,
    );
    const results = await reader.multicall({ contracts });
    const single = await Promise.all(tokens.map((token, i) => token.read.balanceOf([net.user(at(OWNERS, i)).address])));
    expect(results).toEqual(single.map((result) => ({ status: 'success', result })));
    expect(await reader.multicall({ contracts, deployless: true })).toEqual(results);
  });

  test('a client that batches by itself gets the same', async () => {
    const { net, tokens, batching } = world();
    const args = [net.user(1).address] as const;
    const reads = tokens.map(({ address, abi }) =>
      batching.readContract({ address, abi, functionName: 'balanceOf', args }),
    );
    expect(await Promise.all(reads)).toEqual(tokens.map(() => 0n));
  });

  test('one call reads the balances of users of every shard', async () => {
    const { net, multicall3, reader } = world();
    const results = await reader.multicall({
      contracts: net.users.map(
        ({ address }) =>
          ({ address: multicall3.address, abi: MULTICALL3, functionName: 'getEthBalance', args: [address] }) as const,
      ),
      allowFailure: false,
    });
    const single = await Promise.all(net.users.map(({ address }) => net.reader.getBalance({ address })));
    expect(results).toEqual(single);
  });

  test.each(OWNERS)(
    'user %i moves tokens of every shard in one transaction, and one failure stays one',
    async (index) => {
      const { net, tokens, multicall3 } = world();
      const account = net.user(index);
      const receiver = net.user(7).address;
      for (const [i, token] of tokens.entries()) {
        const owner = net.user(at(OWNERS, i));
        await net.mined('fund Multicall3', token.write.transfer([multicall3.address, 5n], { account: owner }));
      }
      const before = await Promise.all(tokens.map((token) => token.read.balanceOf([receiver])));
      const calls = tokens.map(({ address, abi }, i) => ({
        target: address,
        // One asks for more than there is.
        allowFailure: true,
        value: 0n,
        callData: encodeFunctionData({ abi, functionName: 'transfer', args: [receiver, i === 2 ? 6n : 5n] }),
      }));
      await net.mined('move all', multicall3.write.aggregate3Value([calls], { account }));
      const after = await Promise.all(tokens.map((token) => token.read.balanceOf([receiver])));
      expect(after.map((balance, i) => balance - at(before, i))).toEqual([5n, 5n, 0n, 5n]);
      const [, , failed] = tokens;
      if (failed !== undefined) {
        const data = encodeFunctionData({ abi: failed.abi, functionName: 'transfer', args: [receiver, 5n] });
        const call = { target: failed.address, allowFailure: false, value: 0n, callData: data };
        await net.mined('move the rest', multicall3.write.aggregate3Value([[call]], { account }));
        expect(await failed.read.balanceOf([multicall3.address])).toBe(0n);
      }
    },
  );

  test('one transaction pays users of every shard, or nobody', async () => {
    const { net, tokens, multicall3 } = world();
    const account = net.user(5);
    const receivers = net.users.filter((user) => user !== account).map(({ address }) => address);
    const calls = receivers.map((target, i) => ({
      target,
      allowFailure: false,
      value: BigInt(i + 1),
      callData: '0x' as const,
    }));
    const value = calls.reduce((sum, call) => sum + call.value, 0n);
    const before = await Promise.all(receivers.map((address) => net.reader.getBalance({ address })));
    await net.mined('pay all', multicall3.write.aggregate3Value([calls], { account, value }));
    const after = await Promise.all(receivers.map((address) => net.reader.getBalance({ address })));
    expect(after.map((balance, i) => balance - at(before, i))).toEqual(calls.map((call) => call.value));
    // A token takes no ETH.
    const refused = { target: at(tokens, 1).address, allowFailure: false, value: 1n, callData: '0x' as const };
    await net.reverted(
      'pay nobody',
      multicall3.write.aggregate3Value([[...calls, refused]], { account, value: value + 1n, gas: 500_000n }),
    );
    expect(await Promise.all(receivers.map((address) => net.reader.getBalance({ address })))).toEqual(after);
  });
});
