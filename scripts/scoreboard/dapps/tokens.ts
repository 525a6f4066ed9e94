import { createPublicClient, getContract, http, parseAbi } from 'viem';
import { multicall3InitCode } from '../../../apps/validator/test/support/compose/artifacts.ts';
import { type Flow, flow, same } from '../flows.ts';
import { type Dapp, ONE, OTHER_TEAM, type Stage, TEAM, TOKEN, type Token, USERS } from './stage.ts';

const MULTICALL3 = parseAbi(['function getEthBalance(address account) view returns (uint256)']);

/** Two tokens of different teams, and Multicall3 that reads both. */
export const tokens: Dapp = {
  name: 'tokens and Multicall3',
  open: async (stage) => {
    const pair = [await stage.token(TEAM), await stage.token(OTHER_TEAM)] as const;
    const multicall3 = await stage.deploy(TEAM, await multicall3InitCode());
    return [...transfers(stage, pair), ...reads(stage, pair, multicall3)];
  },
};

function transfers({ user, done }: Stage, pair: readonly [Token, Token]): readonly Flow[] {
  const receiver = user(9).address;
  return USERS.map((index) =>
    flow(`user ${index} transfers and approves both tokens`, async () => {
      for (const token of pair) {
        const before = await token.read.balanceOf([receiver]);
        await done(token.write.transfer([receiver, 1n], { account: user(index) }));
        await done(token.write.approve([receiver, 5n], { account: user(index) }));
        same(await token.read.balanceOf([receiver]), before + 1n, 'balance');
        same(await token.read.allowance([user(index).address, receiver]), 5n, 'allowance');
      }
    }),
  );
}

function reads(
  { world, clients, user }: Stage,
  pair: readonly [Token, Token],
  address: `0x${string}`,
): readonly Flow[] {
  const chain = { ...world.chain, contracts: { multicall3: { address } } };
  const reader = createPublicClient({ chain, transport: http(world.url) });
  const batching = createPublicClient({ chain, transport: http(world.url), batch: { multicall: true } });
  const balances = pair.map(
    (token) => ({ address: token.address, abi: TOKEN, functionName: 'balanceOf', args: [user(4).address] }) as const,
  );
  return [
    flow('Multicall3 reads both tokens', async () => {
      const results = await reader.multicall({ contracts: balances, allowFailure: false });
      same(results, await Promise.all(pair.map((token) => token.read.balanceOf([user(4).address]))), 'balances');
    }),
    flow('a client that batches reads into Multicall3', async () => {
      const asked = pair.map(({ address: at }) =>
        batching.readContract({ address: at, abi: TOKEN, functionName: 'symbol' }),
      );
      same(await Promise.all(asked), await Promise.all(pair.map((token) => token.read.symbol())), 'symbols');
    }),
    flow('Multicall3 reads balances of all users', async () => {
      const contract = getContract({ address, abi: MULTICALL3, client: clients });
      for (const index of USERS) {
        const { address: of } = user(index);
        same(await contract.read.getEthBalance([of]), await clients.public.getBalance({ address: of }), 'balance');
      }
    }),
    flow('more than the sender has is refused with its reason', async () => {
      const [token] = pair;
      try {
        await token.simulate.transfer([user(9).address, 10n ** 30n], { account: user(0) });
      } catch (error) {
        if (error instanceof Error && /underflow/.test(error.message)) return;
        throw error;
      }
      throw new Error(`it was not refused, ${ONE}`);
    }),
  ];
}
