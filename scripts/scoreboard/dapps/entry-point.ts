import {
  concat,
  encodeDeployData,
  encodeFunctionData,
  type GetContractReturnType,
  getContract,
  type Hex,
  parseAbi,
  parseEventLogs,
  toHex,
} from 'viem';
import type { HDAccount } from 'viem/accounts';
import { initCode } from '../../../apps/validator/test/support/compose/artifacts.ts';
import { flow, holds, same } from '../flows.ts';
import { type Clients, type Dapp, ONE, OTHER_TEAM, TEAM, TOKEN, USERS } from './stage.ts';

const ENTRY_POINT = parseAbi([
  'struct Operation { address sender; uint256 nonce; bytes initCode; bytes callData; bytes32 accountGasLimits; uint256 preVerificationGas; bytes32 gasFees; bytes paymasterAndData; bytes signature; }',
  'function getNonce(address sender, uint192 key) view returns (uint256)',
  'function getUserOpHash(Operation op) view returns (bytes32)',
  'function handleOps(Operation[] ops, address beneficiary)',
  'event UserOperationEvent(bytes32 indexed userOpHash, address indexed sender, address indexed paymaster, uint256 nonce, bool success, uint256 actualGasCost, uint256 actualGasUsed)',
]);
const FACTORY = parseAbi([
  'constructor(address entryPoint)',
  'function createAccount(address owner, uint256 salt) returns (address)',
  'function getAddress(address owner, uint256 salt) view returns (address)',
]);
const ACCOUNT = parseAbi(['function execute(address target, uint256 value, bytes data)']);
const ARTIFACTS = '@account-abstraction/contracts/artifacts';
const GWEI = 10n ** 9n;

interface Contracts {
  readonly clients: Clients;
  readonly entryPoint: GetContractReturnType<typeof ENTRY_POINT, Clients, Hex>;
  readonly factory: GetContractReturnType<typeof FACTORY, Clients, Hex>;
}

/** ERC-4337: accounts that are contracts, whose operations a bundler brings in. */
export const entryPoint: Dapp = {
  name: 'ERC-4337 accounts',
  open: async ({ clients, user, done, deploy, token }) => {
    const at = await deploy(TEAM, initCode(`${ARTIFACTS}/EntryPoint.json`));
    const bytecode = initCode(`${ARTIFACTS}/SimpleAccountFactory.json`);
    const factoryAt = await deploy(OTHER_TEAM, encodeDeployData({ abi: FACTORY, bytecode, args: [at] }));
    const contracts: Contracts = {
      clients,
      entryPoint: getContract({ address: at, abi: ENTRY_POINT, client: clients }),
      factory: getContract({ address: factoryAt, abi: FACTORY, client: clients }),
    };
    const coin = await token(TEAM);
    return USERS.map((index, i) =>
      flow(`the account of user ${index} is created and acts, twice`, async () => {
        const owner = user(index);
        const bundler = user(USERS[(i + 1) % USERS.length] ?? TEAM);
        const sender = await contracts.factory.read.getAddress([owner.address, 0n]);
        await done(clients.wallet.sendTransaction({ account: owner, to: sender, value: ONE }));
        await done(coin.write.transfer([sender, 10n], { account: owner }));
        const transfer = encodeFunctionData({ abi: TOKEN, functionName: 'transfer', args: [user(9).address, 3n] });
        const args = [coin.address, 0n, transfer] as const;
        const callData = encodeFunctionData({ abi: ACCOUNT, functionName: 'execute', args });
        for (const left of [7n, 4n]) {
          const operation = await signed(contracts, owner, sender, callData);
          const write = contracts.entryPoint.write.handleOps([[operation], bundler.address], { account: bundler });
          const { logs } = await done(write);
          const [event] = parseEventLogs({ abi: ENTRY_POINT, logs, eventName: 'UserOperationEvent' });
          holds(event?.args.success === true, 'the operation failed');
          same(await coin.read.balanceOf([sender]), left, 'balance');
        }
      }),
    );
  },
};

/** The first one creates the account. */
async function signed(
  { clients, entryPoint: entry, factory }: Contracts,
  owner: HDAccount,
  sender: Hex,
  callData: Hex,
) {
  const isThere = (await clients.public.getCode({ address: sender })) !== undefined;
  const create = encodeFunctionData({ abi: FACTORY, functionName: 'createAccount', args: [owner.address, 0n] });
  const unsigned = {
    sender,
    nonce: await entry.read.getNonce([sender, 0n]),
    initCode: isThere ? ('0x' as const) : concat([factory.address, create]),
    callData,
    accountGasLimits: pair(600_000n, 300_000n),
    preVerificationGas: 60_000n,
    gasFees: pair(GWEI, 2n * GWEI),
    paymasterAndData: '0x' as const,
    signature: '0x' as const,
  };
  const hash = await entry.read.getUserOpHash([unsigned]);
  return { ...unsigned, signature: await owner.signMessage({ message: { raw: hash } }) };
}

function pair(high: bigint, low: bigint): Hex {
  return concat([toHex(high, { size: 16 }), toHex(low, { size: 16 })]);
}
