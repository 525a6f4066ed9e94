import { expect, test } from '@jest/globals';
import { getContract, maxUint256, parseAbi, parseEther } from 'viem';
import { permit2InitCode } from '../../support/compose/artifacts.ts';
import { create2 } from '../../support/compose/create2.ts';
import type { Network } from '../../support/compose/network.ts';
import { onEveryNetwork } from '../../support/compose/on-every-network.ts';
import { deployToken } from '../../support/compose/token.ts';

const PERMIT2 = parseAbi([
  'struct TokenPermissions { address token; uint256 amount; }',
  'struct PermitTransferFrom { TokenPermissions permitted; uint256 nonce; uint256 deadline; }',
  'struct SignatureTransferDetails { address to; uint256 requestedAmount; }',
  'function approve(address token, address spender, uint160 amount, uint48 expiration)',
  'function allowance(address owner, address token, address spender) view returns (uint160 amount, uint48 expiration, uint48 nonce)',
  'function transferFrom(address from, address to, uint160 amount, address token)',
  'function permitTransferFrom(PermitTransferFrom permit, SignatureTransferDetails details, address owner, bytes signature)',
]);
const TYPES = {
  TokenPermissions: [
    { name: 'token', type: 'address' },
    { name: 'amount', type: 'uint256' },
  ],
  PermitTransferFrom: [
    { name: 'permitted', type: 'TokenPermissions' },
    { name: 'spender', type: 'address' },
    { name: 'nonce', type: 'uint256' },
    { name: 'deadline', type: 'uint256' },
  ],
} as const;

/** As on Ethereum, so that the address is the one there. */
const SALT = '0x0000000000000000000000000000000000000000d3af2663da51c10215000000';
const EXPIRATION = 10 ** 11;
const DEADLINE = 10n ** 11n;
/** Owner and spender, at home on different shards of four, some on the token's, some not. */
const PAIRS = [
  [0, 2],
  [2, 7],
  [5, 1],
  [6, 3],
] as const;

async function setUp(net: Network) {
  const address = await create2(net, 'Permit2', net.user(4), { salt: SALT, initCode: permit2InitCode() });
  const token = await deployToken(net, net.user(1));
  for (const [index] of PAIRS) {
    const owner = net.user(index);
    const tokens = parseEther('10');
    await net.mined('tokens for an owner', token.write.transfer([owner.address, tokens], { account: net.user(1) }));
    await net.mined('trust Permit2', token.write.approve([address, maxUint256], { account: owner }));
  }
  return { net, token, permit2: getContract({ address, abi: PERMIT2, client: net.client }) };
}

onEveryNetwork(setUp, (world) => {
  test('Permit2 is where it is on Ethereum', async () => {
    const { net, permit2 } = world();
    expect(permit2.address).toBe('0x000000000022D473030F116dDEE9F6B43aC78BA3');
    expect(await net.reader.getCode({ address: permit2.address })).toBeDefined();
  });

  test.each(PAIRS)('user %i allows user %i an amount, and no more than that is taken', async (from, to) => {
    const { net, token, permit2 } = world();
    const [owner, spender] = [net.user(from), net.user(to)];
    await net.mined(
      'allow',
      permit2.write.approve([token.address, spender.address, 1_000n, EXPIRATION], { account: owner }),
    );
    const before = await token.read.balanceOf([spender.address]);
    await net.mined(
      'take a part',
      permit2.write.transferFrom([owner.address, spender.address, 700n, token.address], { account: spender }),
    );
    expect(await token.read.balanceOf([spender.address])).toBe(before + 700n);
    await net.reverted(
      'take too much',
      permit2.write.transferFrom([owner.address, spender.address, 301n, token.address], {
        account: spender,
        gas: 200_000n,
      }),
    );
    const [left] = await permit2.read.allowance([owner.address, token.address, spender.address]);
    expect(left).toBe(300n);
    expect(await token.read.balanceOf([spender.address])).toBe(before + 700n);
  });

  test.each(PAIRS)('user %i signs a transfer that user %i carries out once', async (from, to) => {
    const { net, token, permit2 } = world();
    const [owner, spender] = [net.user(from), net.user(to)];
    const receiver = net.user((to + 5) % 8).address;
    const permit = { permitted: { token: token.address, amount: 500n }, nonce: 7n, deadline: DEADLINE };
    const signature = await owner.signTypedData({
      domain: { name: 'Permit2', chainId: net.chain.id, verifyingContract: permit2.address },
      types: TYPES,
      primaryType: 'PermitTransferFrom',
      message: { ...permit, spender: spender.address },
    });
    const args = [permit, { to: receiver, requestedAmount: 500n }, owner.address, signature] as const;
    const before = await token.read.balanceOf([receiver]);
    await net.mined('carry out', permit2.write.permitTransferFrom(args, { account: spender }));
    expect(await token.read.balanceOf([receiver])).toBe(before + 500n);
    await net.reverted('replay', permit2.write.permitTransferFrom(args, { account: spender, gas: 200_000n }));
    expect(await token.read.balanceOf([receiver])).toBe(before + 500n);
  });
});
