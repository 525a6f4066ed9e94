import { concat, encodeDeployData, getContract, type Hex, pad, parseAbi, toHex } from 'viem';
import { singletonFactory } from '../../../apps/validator/test/support/compose/artifacts.ts';
import { CREATE2_DEPLOYER, create2Address } from '../../../apps/validator/test/support/compose/create2.ts';
import { type Flow, flow, holds, same } from '../flows.ts';
import { TALLY } from '../tally.ts';
import { CHAIN_ID, compiled } from '../world.ts';
import { type Dapp, ONE, type Stage, TEAM, USERS } from './stage.ts';

/** Contracts at addresses that are known before, by way of the usual deployers; and contracts that hold ether. */
export const deployers: Dapp = {
  name: 'deployers and wallets',
  open: (stage) => {
    const code = compiled();
    return Promise.resolve([...create2(stage, code('Tally')), safeFactory(stage), ...purses(stage, code('Purse'))]);
  },
};

function create2({ clients, user, done }: Stage, initCode: Hex): readonly Flow[] {
  return USERS.map((index) =>
    flow(`user ${index} creates with CREATE2 and uses it`, async () => {
      const salt = pad(toHex(index + 1));
      const address = create2Address(salt, initCode);
      const data = concat([salt, initCode]);
      await done(clients.wallet.sendTransaction({ account: user(index), to: CREATE2_DEPLOYER, data }));
      const tally = getContract({ address, abi: TALLY, client: clients });
      await done(tally.write.raise({ account: user(index) }));
      same(await tally.read.total(), 1n, 'total');
    }),
  );
}

/** Signed by Safe for this chain ID, with a gas price of its own. */
function safeFactory({ clients, user, done }: Stage): Flow {
  return flow("Safe's singleton factory, signed by Safe", async () => {
    const { signerAddress, transaction, address, gasLimit, gasPrice } = singletonFactory(CHAIN_ID);
    const value = BigInt(gasLimit) * BigInt(gasPrice);
    await done(clients.wallet.sendTransaction({ account: user(0), to: signerAddress, value }));
    await done(clients.public.sendRawTransaction({ serializedTransaction: transaction }));
    holds((await clients.public.getCode({ address })) !== undefined, 'there is no code');
  });
}

function purses({ clients, user, done, deploy }: Stage, bytecode: Hex): readonly Flow[] {
  const abi = parseAbi(['constructor(address owner)']);
  return USERS.map((index) =>
    flow(`user ${index} has a contract that takes ether and signs`, async () => {
      const { address: owner } = user(index);
      const purse = await deploy(TEAM, encodeDeployData({ abi, bytecode, args: [owner] }));
      await done(clients.wallet.sendTransaction({ account: user(index), to: purse, value: ONE }));
      same(await clients.public.getBalance({ address: purse }), ONE, 'balance');
      const signature = await user(index).signMessage({ message: 'hi' });
      holds(await clients.public.verifyMessage({ address: purse, message: 'hi', signature }), 'not valid');
    }),
  );
}
