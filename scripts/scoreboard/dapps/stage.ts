import {
  type Chain,
  createWalletClient,
  encodeDeployData,
  type GetContractReturnType,
  getContract,
  type Hash,
  type Hex,
  type HttpTransport,
  http,
  type ParseAbi,
  type PublicClient,
  parseAbi,
  parseEther,
  type TransactionReceipt,
  type WalletClient,
} from 'viem';
import type { HDAccount } from 'viem/accounts';
import { initCode } from '../../../apps/validator/test/support/compose/artifacts.ts';
import type { Flow } from '../flows.ts';
import { account, type World } from '../world.ts';

/** Those who deploy: at home on different shards wherever there are several. */
export const TEAM = 1;
export const OTHER_TEAM = 3;
/** Those who use what was deployed. */
export const USERS = [0, 2, 4, 5] as const;
export const ONE: bigint = parseEther('1');
/** Year 5138, for what wants a deadline. */
export const DEADLINE: bigint = 10n ** 11n;

const TOKEN_SIGNATURES = [
  'constructor(uint256 supply)',
  'function transfer(address to, uint256 amount) returns (bool)',
  'function approve(address spender, uint256 amount) returns (bool)',
  'function balanceOf(address owner) view returns (uint256)',
  'function allowance(address owner, address spender) view returns (uint256)',
  'function symbol() view returns (string)',
] as const;
export const TOKEN: ParseAbi<typeof TOKEN_SIGNATURES> = parseAbi(TOKEN_SIGNATURES);
const SUPPLY = parseEther('1000000');

/** What `getContract` takes. */
export interface Clients {
  readonly public: PublicClient<HttpTransport, Chain>;
  readonly wallet: WalletClient<HttpTransport, Chain>;
}

export type Token = GetContractReturnType<typeof TOKEN, Clients, Hex>;

/** A network and what dApps need to get onto it. Gas is always the node's own estimate, as wallets do. */
export interface Stage {
  readonly world: World;
  readonly clients: Clients;
  user(index: number): HDAccount;
  done(hash: Hash | Promise<Hash>): Promise<TransactionReceipt>;
  deploy(index: number, data: Hex): Promise<Hex>;
  /** An ERC-20 of which each user has 10,000. */
  token(owner: number): Promise<Token>;
}

/** One dApp: puts it onto the network and says what is done with it. */
export interface Dapp {
  readonly name: string;
  readonly open: (stage: Stage) => Promise<readonly Flow[]>;
}

export function openStage(world: World): Stage {
  const { done } = world;
  const wallet = createWalletClient({ chain: world.chain, transport: http(world.url) });
  const clients: Clients = { public: world.reader, wallet };
  const deploy = async (index: number, data: Hex): Promise<Hex> => {
    const { contractAddress } = await done(wallet.sendTransaction({ account: account(index), data }));
    if (contractAddress === null || contractAddress === undefined) throw new Error('nothing was created');
    return contractAddress;
  };
  const token = async (owner: number): Promise<Token> => {
    const bytecode = initCode('@uniswap/v2-core/build/ERC20.json');
    const address = await deploy(owner, encodeDeployData({ abi: TOKEN, bytecode, args: [SUPPLY] }));
    const contract = getContract({ address, abi: TOKEN, client: clients });
    for (const user of USERS) {
      await done(contract.write.transfer([account(user).address, 10_000n * ONE], { account: account(owner) }));
    }
    return contract;
  };
  return { world, clients, user: account, done, deploy, token };
}
