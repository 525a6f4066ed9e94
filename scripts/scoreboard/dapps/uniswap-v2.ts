import { encodeDeployData, type GetContractReturnType, getContract, type Hex, maxUint256, parseAbi } from 'viem';
import { initCode } from '../../../apps/validator/test/support/compose/artifacts.ts';
import { type Flow, flow, holds, same } from '../flows.ts';
import { type Clients, type Dapp, DEADLINE, ONE, OTHER_TEAM, type Stage, TEAM, type Token, USERS } from './stage.ts';

const FACTORY = parseAbi([
  'constructor(address feeToSetter)',
  'function createPair(address a, address b) returns (address pair)',
  'function getPair(address a, address b) view returns (address pair)',
]);
const PAIR = parseAbi([
  'function balanceOf(address owner) view returns (uint256)',
  'function approve(address spender, uint256 amount) returns (bool)',
]);
const ROUTER = parseAbi([
  'constructor(address factory, address weth)',
  'function addLiquidity(address a, address b, uint256 wantedA, uint256 wantedB, uint256 leastA, uint256 leastB, address to, uint256 deadline) returns (uint256, uint256, uint256)',
  'function addLiquidityETH(address token, uint256 wanted, uint256 least, uint256 leastEth, address to, uint256 deadline) payable returns (uint256, uint256, uint256)',
  'function removeLiquidity(address a, address b, uint256 liquidity, uint256 leastA, uint256 leastB, address to, uint256 deadline) returns (uint256, uint256)',
  'function swapExactTokensForTokens(uint256 amount, uint256 least, address[] path, address to, uint256 deadline) returns (uint256[])',
  'function swapExactETHForTokens(uint256 least, address[] path, address to, uint256 deadline) payable returns (uint256[])',
  'function swapExactTokensForETH(uint256 amount, uint256 least, address[] path, address to, uint256 deadline) returns (uint256[])',
  'function getAmountsOut(uint256 amount, address[] path) view returns (uint256[])',
]);

interface Exchange {
  readonly weth: Hex;
  readonly tokens: readonly [Token, Token];
  readonly factory: GetContractReturnType<typeof FACTORY, Clients, Hex>;
  readonly router: GetContractReturnType<typeof ROUTER, Clients, Hex>;
}

/** An exchange of one team that trades the tokens of two. */
export const uniswapV2: Dapp = {
  name: 'Uniswap v2',
  open: async (stage) => {
    const exchange = await open(stage);
    const create = flow('a pair is created', async () => {
      const [red, blue] = exchange.tokens;
      await stage.done(
        exchange.factory.write.createPair([red.address, blue.address], { account: stage.user(USERS[0]) }),
      );
    });
    return [create, ...USERS.flatMap((index) => tradesOf(stage, exchange, index))];
  },
};

async function open({ user, deploy, token, clients }: Stage): Promise<Exchange> {
  const weth = await deploy(OTHER_TEAM, initCode('@uniswap/v2-periphery/build/WETH9.json'));
  const factoryCode = initCode('@uniswap/v2-core/build/UniswapV2Factory.json');
  const factoryArgs = [user(TEAM).address] as const;
  const factory = await deploy(TEAM, encodeDeployData({ abi: FACTORY, bytecode: factoryCode, args: factoryArgs }));
  const routerCode = initCode('@uniswap/v2-periphery/build/UniswapV2Router02.json');
  const router = await deploy(TEAM, encodeDeployData({ abi: ROUTER, bytecode: routerCode, args: [factory, weth] }));
  return {
    weth,
    tokens: [await token(TEAM), await token(OTHER_TEAM)],
    factory: getContract({ address: factory, abi: FACTORY, client: clients }),
    router: getContract({ address: router, abi: ROUTER, client: clients }),
  };
}

function tradesOf(stage: Stage, { weth, tokens, factory, router }: Exchange, index: number): readonly Flow[] {
  const { done, clients } = stage;
  const account = stage.user(index);
  const to = account.address;
  const [red, blue] = tokens;
  const path = [red.address, blue.address];
  return [
    flow(`user ${index} adds liquidity`, async () => {
      for (const token of tokens) await done(token.write.approve([router.address, maxUint256], { account }));
      const amount = 1_000n * ONE;
      await done(
        router.write.addLiquidity([red.address, blue.address, amount, amount, 0n, 0n, to, DEADLINE], { account }),
      );
    }),
    flow(`user ${index} adds liquidity with ether`, () =>
      done(
        router.write.addLiquidityETH([red.address, 1_000n * ONE, 0n, 0n, to, DEADLINE], { account, value: 10n * ONE }),
      ),
    ),
    flow(`user ${index} swaps tokens for what was quoted`, async () => {
      const [, quoted = 0n] = await router.read.getAmountsOut([ONE, path]);
      const before = await blue.read.balanceOf([to]);
      await done(router.write.swapExactTokensForTokens([ONE, quoted, path, to, DEADLINE], { account }));
      same(await blue.read.balanceOf([to]), before + quoted, 'balance');
    }),
    flow(`user ${index} swaps ether for tokens`, () =>
      done(router.write.swapExactETHForTokens([0n, [weth, red.address], to, DEADLINE], { account, value: ONE })),
    ),
    flow(`user ${index} swaps tokens for ether`, () =>
      done(router.write.swapExactTokensForETH([ONE, 0n, [red.address, weth], to, DEADLINE], { account })),
    ),
    flow(`user ${index} removes liquidity`, async () => {
      const address = await factory.read.getPair([red.address, blue.address]);
      const pair = getContract({ address, abi: PAIR, client: clients });
      const liquidity = await pair.read.balanceOf([to]);
      holds(liquidity > 0n, 'there is none');
      await done(pair.write.approve([router.address, liquidity], { account }));
      const half = liquidity / 2n;
      await done(router.write.removeLiquidity([red.address, blue.address, half, 0n, 0n, to, DEADLINE], { account }));
    }),
  ];
}
