import { expect, test } from '@jest/globals';
import { encodeDeployData, getContract, type Hex, maxUint256, parseAbi, parseEther } from 'viem';
import { initCode } from '../../support/compose/artifacts.ts';
import type { Network } from '../../support/compose/network.ts';
import { onEveryNetwork } from '../../support/compose/on-every-network.ts';
import { deployToken } from '../../support/compose/token.ts';

const FACTORY = parseAbi([
  'constructor(address feeToSetter)',
  'function createPair(address a, address b) returns (address pair)',
  'function getPair(address a, address b) view returns (address pair)',
]);
const PAIR = parseAbi([
  'function balanceOf(address owner) view returns (uint256)',
  'function approve(address spender, uint256 amount) returns (bool)',
  'function getReserves() view returns (uint112, uint112, uint32)',
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

const DEADLINE = 10n ** 11n;
const ONE = parseEther('1');
/** For what depends on the timestamp: an estimate is right for the head's only. */
const GAS = 3_000_000n;
/** One user of each of four shards. */
const TRADERS = [0, 2, 4, 6];

/** WETH, factory, router and tokens of teams at home on different shards: a trade touches all of them at once. */
async function setUp(net: Network) {
  const weth = await net.deploy('WETH', net.user(1), initCode('@uniswap/v2-periphery/build/WETH9.json'));
  const factoryCode = initCode('@uniswap/v2-core/build/UniswapV2Factory.json');
  const factoryArgs = { abi: FACTORY, bytecode: factoryCode, args: [net.user(3).address] } as const;
  const factory = await net.deploy('factory', net.user(3), encodeDeployData(factoryArgs));
  const routerCode = initCode('@uniswap/v2-periphery/build/UniswapV2Router02.json');
  const routerArgs = { abi: ROUTER, bytecode: routerCode, args: [factory, weth] } as const;
  const router = await net.deploy('router', net.user(5), encodeDeployData(routerArgs));
  const red = await deployToken(net, net.user(3));
  const blue = await deployToken(net, net.user(7));
  for (const index of TRADERS) {
    const account = net.user(index);
    await net.mined('red for a trader', red.write.transfer([account.address, 1_000n * ONE], { account: net.user(3) }));
    await net.mined(
      'blue for a trader',
      blue.write.transfer([account.address, 1_000n * ONE], { account: net.user(7) }),
    );
    await net.mined('approve red', red.write.approve([router, maxUint256], { account }));
    await net.mined('approve blue', blue.write.approve([router, maxUint256], { account }));
  }
  return {
    net,
    weth,
    red,
    blue,
    factory: getContract({ address: factory, abi: FACTORY, client: net.client }),
    router: getContract({ address: router, abi: ROUTER, client: net.client }),
  };
}

onEveryNetwork(setUp, (world) => {
  test('a pair is created by anyone and found by everyone', async () => {
    const { net, factory, red, blue } = world();
    const account = net.user(0);
    await net.mined('create the pair', factory.write.createPair([red.address, blue.address], { account }));
    const pair = await factory.read.getPair([red.address, blue.address]);
    expect(await factory.read.getPair([blue.address, red.address])).toBe(pair);
    expect(await net.reader.getCode({ address: pair })).toBeDefined();
    await net.reverted(
      'create it again',
      factory.write.createPair([blue.address, red.address], { account: net.user(7), gas: 3_000_000n }),
    );
  });

  test.each(TRADERS)('user %i provides liquidity in tokens and in ETH', async (index) => {
    const { net, router, factory, red, blue } = world();
    const account = net.user(index);
    const { address } = account;
    const amount = 200n * ONE;
    await net.minedAnytime(
      'add liquidity',
      router.write.addLiquidity([red.address, blue.address, amount, amount, 0n, 0n, address, DEADLINE], {
        account,
        gas: GAS,
      }),
    );
    await net.minedAnytime(
      'add liquidity in ETH',
      router.write.addLiquidityETH([red.address, amount, 0n, 0n, address, DEADLINE], {
        account,
        gas: GAS,
        value: 2n * ONE,
      }),
    );
    const pair = getContract({
      address: await factory.read.getPair([red.address, blue.address]),
      abi: PAIR,
      client: net.client,
    });
    // The first provider leaves the least liquidity there for ever.
    expect(await pair.read.balanceOf([address])).toBe(amount - (index === TRADERS[0] ? 1_000n : 0n));
  });

  test.each(TRADERS)('user %i gets what the router quoted', async (index) => {
    const { net, router, red, blue } = world();
    const account = net.user(index);
    const [, quoted = 0n] = await router.read.getAmountsOut([ONE, [red.address, blue.address]]);
    const before = await blue.read.balanceOf([account.address]);
    await net.minedAnytime(
      'swap red for blue',
      router.write.swapExactTokensForTokens([ONE, quoted, [red.address, blue.address], account.address, DEADLINE], {
        account,
        gas: GAS,
      }),
    );
    expect(quoted).toBeGreaterThan(0n);
    expect(await blue.read.balanceOf([account.address])).toBe(before + quoted);
  });

  test.each(TRADERS)('user %i pays and is paid in ETH', async (index) => {
    const { net, router, weth, red } = world();
    const account = net.user(index);
    const { address } = account;
    const [, bought = 0n] = await router.read.getAmountsOut([ONE, [weth, red.address]]);
    const tokens = await red.read.balanceOf([address]);
    await net.minedAnytime(
      'swap ETH for red',
      router.write.swapExactETHForTokens([0n, [weth, red.address], address, DEADLINE], {
        account,
        gas: GAS,
        value: ONE,
      }),
    );
    expect(await red.read.balanceOf([address])).toBe(tokens + bought);
    const [, earned = 0n] = await router.read.getAmountsOut([bought, [red.address, weth]]);
    const { blockNumber, gasUsed, effectiveGasPrice } = await net.minedAnytime(
      'swap red for ETH',
      router.write.swapExactTokensForETH([bought, 0n, [red.address, weth], address, DEADLINE], { account, gas: GAS }),
    );
    const before = await net.reader.getBalance({ address, blockNumber: blockNumber - 1n });
    const after = await net.reader.getBalance({ address, blockNumber });
    expect(after - before).toBe(earned - gasUsed * effectiveGasPrice);
  });

  test('a trade of a later second needs the gas that it needs on Ethereum', async () => {
    const { net, router, red, blue, weth } = world();
    const [account, other] = [net.user(6), net.user(0)];
    const overTwoPairs = (path: readonly Hex[]) =>
      router.write.swapExactETHForTokens([0n, path, other.address, DEADLINE], { account: other, value: ONE });
    await net.nextSecond();
    // From here on both pairs have accumulated prices, whatever the seconds until now.
    await net.minedAnytime('swap over two pairs', overTwoPairs([weth, red.address, blue.address]));
    await net.nextSecond();
    await net.mined(
      'swap back, later',
      router.write.swapExactTokensForTokens([ONE, 0n, [blue.address, red.address], account.address, DEADLINE], {
        account,
      }),
    );
    await net.nextSecond();
    await net.mined('swap over two pairs, later', overTwoPairs([weth, red.address, blue.address]));
  });

  test('liquidity is withdrawn, and what is left is what the pair holds', async () => {
    const { net, router, factory, red, blue } = world();
    const address = await factory.read.getPair([red.address, blue.address]);
    const pair = getContract({ address, abi: PAIR, client: net.client });
    for (const index of TRADERS) {
      const account = net.user(index);
      const liquidity = await pair.read.balanceOf([account.address]);
      await net.mined('approve the liquidity', pair.write.approve([router.address, liquidity], { account }));
      await net.minedAnytime(
        'remove liquidity',
        router.write.removeLiquidity([red.address, blue.address, liquidity, 0n, 0n, account.address, DEADLINE], {
          account,
          gas: GAS,
        }),
      );
    }
    const [first, second] = await pair.read.getReserves();
    const held = [await red.read.balanceOf([address]), await blue.read.balanceOf([address])];
    expect([first, second].sort()).toEqual(held.sort());
    expect(first).toBeGreaterThan(0n);
  });
});
