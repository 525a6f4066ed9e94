import { expect, test } from '@jest/globals';
import { encodeDeployData, getContract, maxUint256, parseAbi, parseEther, zeroAddress } from 'viem';
import { initCode } from '../../support/compose/artifacts.ts';
import type { Network } from '../../support/compose/network.ts';
import { onEveryNetwork } from '../../support/compose/on-every-network.ts';
import { deployToken } from '../../support/compose/token.ts';

const FACTORY = parseAbi(['function getPool(address a, address b, uint24 fee) view returns (address)']);
const PERIPHERY = parseAbi(['constructor(address factory, address weth)']);
const POSITIONS = parseAbi([
  'constructor(address factory, address weth, address descriptor)',
  'struct Mint { address token0; address token1; uint24 fee; int24 tickLower; int24 tickUpper; uint256 amount0Desired; uint256 amount1Desired; uint256 amount0Min; uint256 amount1Min; address recipient; uint256 deadline; }',
  'struct Decrease { uint256 tokenId; uint128 liquidity; uint256 amount0Min; uint256 amount1Min; uint256 deadline; }',
  'struct Collect { uint256 tokenId; address recipient; uint128 amount0Max; uint128 amount1Max; }',
  'function createAndInitializePoolIfNecessary(address token0, address token1, uint24 fee, uint160 sqrtPrice) payable returns (address)',
  'function mint(Mint params) payable returns (uint256, uint128, uint256, uint256)',
  'function positions(uint256 id) view returns (uint96 nonce, address operator, address token0, address token1, uint24 fee, int24 tickLower, int24 tickUpper, uint128 liquidity, uint256, uint256, uint128, uint128)',
  'function ownerOf(uint256 id) view returns (address)',
  'function decreaseLiquidity(Decrease params) payable returns (uint256, uint256)',
  'function collect(Collect params) payable returns (uint256, uint256)',
]);
const ROUTER = parseAbi([
  'struct Single { address tokenIn; address tokenOut; uint24 fee; address recipient; uint256 deadline; uint256 amountIn; uint256 amountOutMinimum; uint160 sqrtPriceLimitX96; }',
  'function exactInputSingle(Single params) payable returns (uint256)',
]);
const QUOTER = parseAbi([
  'function quoteExactInputSingle(address tokenIn, address tokenOut, uint24 fee, uint256 amountIn, uint160 sqrtPriceLimit) returns (uint256)',
]);

const CORE = '@uniswap/v3-core/artifacts/contracts';
const PERIPHERY_FILES = '@uniswap/v3-periphery/artifacts/contracts';
const DEADLINE = 10n ** 11n;
const ONE = parseEther('1');
const FEE = 3_000;
/** A price of 1. */
const SQRT_PRICE = 2n ** 96n;
/** For what depends on the timestamp: an estimate is right for the head's only. */
const GAS = 3_000_000n;
/** One user of each of four shards. */
const TRADERS = [0, 2, 4, 6];

/** Factory, periphery and tokens of teams at home on different shards. */
async function setUp(net: Network) {
  const { client } = net;
  const weth = await net.deploy('WETH', net.user(1), initCode('@uniswap/v2-periphery/build/WETH9.json'));
  const factory = await net.deploy(
    'factory',
    net.user(3),
    initCode(`${CORE}/UniswapV3Factory.sol/UniswapV3Factory.json`),
  );
  const periphery = (file: string) =>
    encodeDeployData({ abi: PERIPHERY, bytecode: initCode(`${PERIPHERY_FILES}/${file}`), args: [factory, weth] });
  const positionsCode = encodeDeployData({
    abi: POSITIONS,
    bytecode: initCode(`${PERIPHERY_FILES}/NonfungiblePositionManager.sol/NonfungiblePositionManager.json`),
    args: [factory, weth, zeroAddress],
  });
  const positions = await net.deploy('positions', net.user(5), positionsCode);
  const router = await net.deploy('router', net.user(7), periphery('SwapRouter.sol/SwapRouter.json'));
  const quoter = await net.deploy('quoter', net.user(0), periphery('lens/Quoter.sol/Quoter.json'));
  const tokens = [await deployToken(net, net.user(3)), await deployToken(net, net.user(7))] as const;
  for (const index of TRADERS) {
    const account = net.user(index);
    for (const [i, token] of tokens.entries()) {
      const owner = net.user(i === 0 ? 3 : 7);
      await net.mined('fund a trader', token.write.transfer([account.address, 1_000n * ONE], { account: owner }));
      await net.mined('approve positions', token.write.approve([positions, maxUint256], { account }));
      await net.mined('approve the router', token.write.approve([router, maxUint256], { account }));
    }
  }
  const [token0, token1] = BigInt(tokens[0].address) < BigInt(tokens[1].address) ? tokens : [tokens[1], tokens[0]];
  return {
    net,
    token0,
    token1,
    factory: getContract({ address: factory, abi: FACTORY, client }),
    positions: getContract({ address: positions, abi: POSITIONS, client }),
    router: getContract({ address: router, abi: ROUTER, client }),
    quoter: getContract({ address: quoter, abi: QUOTER, client }),
  };
}

onEveryNetwork(setUp, (world) => {
  test('a pool is created at a price', async () => {
    const { net, factory, positions, token0, token1 } = world();
    await net.mined(
      'create the pool',
      positions.write.createAndInitializePoolIfNecessary([token0.address, token1.address, FEE, SQRT_PRICE], {
        account: net.user(0),
      }),
    );
    const address = await factory.read.getPool([token1.address, token0.address, FEE]);
    expect(await net.reader.getCode({ address })).toBeDefined();
  });

  test.each(TRADERS)('user %i holds a position', async (index) => {
    const { net, positions, token0, token1 } = world();
    const account = net.user(index);
    const params = {
      token0: token0.address,
      token1: token1.address,
      fee: FEE,
      tickLower: -60_000,
      tickUpper: 60_000,
      amount0Desired: 100n * ONE,
      amount1Desired: 100n * ONE,
      amount0Min: 0n,
      amount1Min: 0n,
      recipient: account.address,
      deadline: DEADLINE,
    };
    await net.minedAnytime('mint a position', positions.write.mint([params], { account, gas: GAS }));
    const id = BigInt(TRADERS.indexOf(index) + 1);
    expect(await positions.read.ownerOf([id])).toBe(account.address);
    expect((await positions.read.positions([id]))[7]).toBeGreaterThan(0n);
  });

  test.each(TRADERS)('user %i gets what the quoter said', async (index) => {
    const { net, router, quoter, token0, token1 } = world();
    const account = net.user(index);
    const { result: quoted } = await quoter.simulate.quoteExactInputSingle(
      [token0.address, token1.address, FEE, ONE, 0n],
      { account },
    );
    const before = await token1.read.balanceOf([account.address]);
    const swap = {
      tokenIn: token0.address,
      tokenOut: token1.address,
      fee: FEE,
      recipient: account.address,
      deadline: DEADLINE,
      amountIn: ONE,
      amountOutMinimum: quoted,
      sqrtPriceLimitX96: 0n,
    };
    await net.minedAnytime('swap', router.write.exactInputSingle([swap], { account, gas: GAS }));
    expect(quoted).toBeGreaterThan(0n);
    expect(await token1.read.balanceOf([account.address])).toBe(before + quoted);
  });

  test('a swap of a later second needs the gas that it needs on Ethereum', async () => {
    const { net, router, token0, token1 } = world();
    const account = net.user(6);
    const swap = {
      tokenIn: token1.address,
      tokenOut: token0.address,
      fee: FEE,
      recipient: account.address,
      deadline: DEADLINE,
      amountIn: ONE,
      amountOutMinimum: 0n,
      sqrtPriceLimitX96: 0n,
    };
    await net.nextSecond();
    await net.mined('swap back, later', router.write.exactInputSingle([swap], { account }));
  });

  test.each(TRADERS)('user %i takes liquidity and fees out', async (index) => {
    const { net, positions, token0, token1 } = world();
    const account = net.user(index);
    const tokenId = BigInt(TRADERS.indexOf(index) + 1);
    const liquidity = (await positions.read.positions([tokenId]))[7];
    await net.minedAnytime(
      'decrease liquidity',
      positions.write.decreaseLiquidity([{ tokenId, liquidity, amount0Min: 0n, amount1Min: 0n, deadline: DEADLINE }], {
        account,
        gas: GAS,
      }),
    );
    const before = [await token0.read.balanceOf([account.address]), await token1.read.balanceOf([account.address])];
    const all = 2n ** 128n - 1n;
    await net.minedAnytime(
      'collect',
      positions.write.collect([{ tokenId, recipient: account.address, amount0Max: all, amount1Max: all }], {
        account,
        gas: GAS,
      }),
    );
    const after = [await token0.read.balanceOf([account.address]), await token1.read.balanceOf([account.address])];
    for (const [i, balance] of after.entries()) expect(balance - (before[i] ?? 0n)).toBeGreaterThan(99n * ONE);
    expect((await positions.read.positions([tokenId]))[7]).toBe(0n);
  });
});
