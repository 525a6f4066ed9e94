import { encodeDeployData, type Hex, maxUint256, parseAbi, zeroAddress } from 'viem';
import { initCode } from '../../../apps/validator/test/support/compose/artifacts.ts';
import { type Flow, flow, same } from '../flows.ts';
import { type Dapp, DEADLINE, ONE, OTHER_TEAM, type Stage, TEAM, type Token, USERS } from './stage.ts';

const PERIPHERY = parseAbi(['constructor(address factory, address weth)']);
const POSITIONS = parseAbi([
  'constructor(address factory, address weth, address descriptor)',
  'struct Mint { address token0; address token1; uint24 fee; int24 tickLower; int24 tickUpper; uint256 amount0Desired; uint256 amount1Desired; uint256 amount0Min; uint256 amount1Min; address recipient; uint256 deadline; }',
  'function createAndInitializePoolIfNecessary(address token0, address token1, uint24 fee, uint160 sqrtPrice) payable returns (address)',
  'function mint(Mint params) payable returns (uint256, uint128, uint256, uint256)',
]);
const ROUTER = parseAbi([
  'struct Single { address tokenIn; address tokenOut; uint24 fee; address recipient; uint256 deadline; uint256 amountIn; uint256 amountOutMinimum; uint160 sqrtPriceLimitX96; }',
  'function exactInputSingle(Single params) payable returns (uint256)',
]);
/** It reverts the swap that it tries and reads the amount from the reason. */
const QUOTER = parseAbi([
  'function quoteExactInputSingle(address tokenIn, address tokenOut, uint24 fee, uint256 amountIn, uint160 sqrtPriceLimit) returns (uint256)',
]);
const CORE = '@uniswap/v3-core/artifacts/contracts';
const FILES = '@uniswap/v3-periphery/artifacts/contracts';
const FEE = 3_000;
/** A price of 1. */
const SQRT_PRICE = 2n ** 96n;
const TICKS = { tickLower: -60_000, tickUpper: 60_000 } as const;

interface Exchange {
  readonly positions: Hex;
  readonly router: Hex;
  readonly quoter: Hex;
  /** In the order of their addresses, as a pool wants them. */
  readonly tokens: readonly [Token, Token];
}

export const uniswapV3: Dapp = {
  name: 'Uniswap v3',
  open: async (stage) => {
    const exchange = await open(stage);
    return [createPool(stage, exchange), ...USERS.flatMap((index) => tradesOf(stage, exchange, index))];
  },
};

async function open({ deploy, token }: Stage): Promise<Exchange> {
  const weth = await deploy(OTHER_TEAM, initCode('@uniswap/v2-periphery/build/WETH9.json'));
  const factory = await deploy(TEAM, initCode(`${CORE}/UniswapV3Factory.sol/UniswapV3Factory.json`));
  const periphery = (file: string): Hex =>
    encodeDeployData({ abi: PERIPHERY, bytecode: initCode(`${FILES}/${file}`), args: [factory, weth] });
  const bytecode = initCode(`${FILES}/NonfungiblePositionManager.sol/NonfungiblePositionManager.json`);
  const args = [factory, weth, zeroAddress] as const;
  const [red, blue] = [await token(TEAM), await token(OTHER_TEAM)];
  return {
    positions: await deploy(TEAM, encodeDeployData({ abi: POSITIONS, bytecode, args })),
    router: await deploy(TEAM, periphery('SwapRouter.sol/SwapRouter.json')),
    quoter: await deploy(OTHER_TEAM, periphery('lens/Quoter.sol/Quoter.json')),
    tokens: BigInt(red.address) < BigInt(blue.address) ? [red, blue] : [blue, red],
  };
}

function createPool({ clients, done, user }: Stage, { positions, tokens: [token0, token1] }: Exchange): Flow {
  return flow('a pool is created', () =>
    done(
      clients.wallet.writeContract({
        account: user(USERS[0]),
        address: positions,
        abi: POSITIONS,
        functionName: 'createAndInitializePoolIfNecessary',
        args: [token0.address, token1.address, FEE, SQRT_PRICE],
      }),
    ),
  );
}

function tradesOf(stage: Stage, { positions, router, quoter, tokens }: Exchange, index: number): readonly Flow[] {
  const { clients, done } = stage;
  const account = stage.user(index);
  const recipient = account.address;
  const [token0, token1] = tokens;
  const amounts = { amount0Desired: 1_000n * ONE, amount1Desired: 1_000n * ONE, amount0Min: 0n, amount1Min: 0n };
  const pool = { token0: token0.address, token1: token1.address, fee: FEE };
  return [
    flow(`user ${index} opens a position`, async () => {
      for (const token of tokens) {
        await done(token.write.approve([positions, maxUint256], { account }));
        await done(token.write.approve([router, maxUint256], { account }));
      }
      const mint = { ...pool, ...TICKS, ...amounts, recipient, deadline: DEADLINE };
      const call = { address: positions, abi: POSITIONS, functionName: 'mint', args: [mint] } as const;
      await done(clients.wallet.writeContract({ ...call, account }));
    }),
    flow(`user ${index} swaps for what was quoted`, async () => {
      const quote = [token0.address, token1.address, FEE, ONE, 0n] as const;
      const asked = { address: quoter, abi: QUOTER, functionName: 'quoteExactInputSingle', args: quote } as const;
      const { result: amountOutMinimum } = await clients.public.simulateContract(asked);
      const before = await token1.read.balanceOf([recipient]);
      const route = { tokenIn: token0.address, tokenOut: token1.address, fee: FEE, recipient, deadline: DEADLINE };
      const swap = { ...route, amountIn: ONE, amountOutMinimum, sqrtPriceLimitX96: 0n };
      const call = { address: router, abi: ROUTER, functionName: 'exactInputSingle', args: [swap] } as const;
      await done(clients.wallet.writeContract({ ...call, account }));
      same(await token1.read.balanceOf([recipient]), before + amountOutMinimum, 'balance');
    }),
  ];
}
