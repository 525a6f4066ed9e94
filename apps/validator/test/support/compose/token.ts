import {
  encodeDeployData,
  type GetContractReturnType,
  getContract,
  type Hex,
  type ParseAbi,
  parseAbi,
  parseEther,
} from 'viem';
import type { PrivateKeyAccount } from 'viem/accounts';
import { initCode } from './artifacts.ts';
import type { Network } from './network.ts';

const SIGNATURES = [
  'constructor(uint256 supply)',
  'function transfer(address to, uint256 amount) returns (bool)',
  'function approve(address spender, uint256 amount) returns (bool)',
  'function balanceOf(address owner) view returns (uint256)',
] as const;
const ERC20: ParseAbi<typeof SIGNATURES> = parseAbi(SIGNATURES);

const SUPPLY = parseEther('1000000');

export type Token = GetContractReturnType<typeof ERC20, Network['client'], Hex>;

/** An ERC-20 of this account, which holds all of it. */
export async function deployToken(net: Network, owner: PrivateKeyAccount): Promise<Token> {
  const bytecode = initCode('@uniswap/v2-core/build/ERC20.json');
  const address = await net.deploy('token', owner, encodeDeployData({ abi: ERC20, bytecode, args: [SUPPLY] }));
  return getContract({ address, abi: ERC20, client: net.client });
}
