import { concat, getCreate2Address, type Hex } from 'viem';
import type { PrivateKeyAccount } from 'viem/accounts';
import type { Network } from './network.ts';

/** The deployer that stands at this address on every Ethereum network. */
export const CREATE2_DEPLOYER: Hex = '0x4e59b44847b379578588920cA78FbF26c0B4956C';

/** Where a deployer of this interface (salt, then init code) creates this. */
export function create2Address(salt: Hex, bytecode: Hex): Hex {
  return getCreate2Address({ from: CREATE2_DEPLOYER, salt, bytecode });
}

/** Creates a contract through it and resolves to its address. */
export async function create2(
  net: Network,
  what: string,
  account: PrivateKeyAccount,
  { salt, initCode }: { readonly salt: Hex; readonly initCode: Hex },
): Promise<Hex> {
  await net.mined(what, net.writer.sendTransaction({ account, to: CREATE2_DEPLOYER, data: concat([salt, initCode]) }));
  const address = create2Address(salt, initCode);
  if ((await net.reader.getCode({ address })) === undefined) throw new Error(`${what}: no code at ${address}`);
  return address;
}
