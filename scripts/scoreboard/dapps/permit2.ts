import { concat, getContract, maxUint256, parseAbi, zeroHash } from 'viem';
import { permit2InitCode } from '../../../apps/validator/test/support/compose/artifacts.ts';
import { CREATE2_DEPLOYER, create2Address } from '../../../apps/validator/test/support/compose/create2.ts';
import { flow, same } from '../flows.ts';
import { CHAIN_ID } from '../world.ts';
import { type Dapp, DEADLINE, ONE, OTHER_TEAM, TEAM, USERS } from './stage.ts';

const PERMIT2 = parseAbi([
  'struct TokenPermissions { address token; uint256 amount; }',
  'struct PermitTransferFrom { TokenPermissions permitted; uint256 nonce; uint256 deadline; }',
  'struct SignatureTransferDetails { address to; uint256 requestedAmount; }',
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

/** A user signs that somebody may take tokens; that one takes them. */
export const permit2: Dapp = {
  name: 'Permit2',
  open: async ({ clients, user, done, token }) => {
    const initCode = permit2InitCode();
    const data = concat([zeroHash, initCode]);
    await done(clients.wallet.sendTransaction({ account: user(TEAM), to: CREATE2_DEPLOYER, data }));
    const contract = getContract({ address: create2Address(zeroHash, initCode), abi: PERMIT2, client: clients });
    const coin = await token(OTHER_TEAM);
    return USERS.map((index, i) =>
      flow(`user ${index} signs, another one takes`, async () => {
        const owner = user(index);
        const spender = user(USERS[(i + 1) % USERS.length] ?? TEAM);
        await done(coin.write.approve([contract.address, maxUint256], { account: owner }));
        const permit = { permitted: { token: coin.address, amount: ONE }, nonce: 0n, deadline: DEADLINE };
        const signature = await owner.signTypedData({
          domain: { name: 'Permit2', chainId: CHAIN_ID, verifyingContract: contract.address },
          types: TYPES,
          primaryType: 'PermitTransferFrom',
          message: { ...permit, spender: spender.address },
        });
        const receiver = user(9).address;
        const before = await coin.read.balanceOf([receiver]);
        const details = { to: receiver, requestedAmount: ONE };
        const args = [permit, details, owner.address, signature] as const;
        await done(contract.write.permitTransferFrom(args, { account: spender }));
        same(await coin.read.balanceOf([receiver]), before + ONE, 'balance');
      }),
    );
  },
};
