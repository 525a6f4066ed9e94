import { keccak256Hex } from '@heddle/primitives';
import { quantity } from '../format/quantity.ts';
import { parseBytes } from '../parse/hex.ts';
import type { RpcBackend } from '../ports.ts';
import type { MethodTable } from '../protocol/method.ts';
import { method } from '../protocol/method.ts';

/** Families that are answered, for rpc_modules: the prefixes of what geth names so. */
const MODULES = ['debug', 'eth', 'net', 'rpc', 'txpool', 'web3'] as const;

/** net_*, web3_* and rpc_*, and anvil's other name for one of them. */
export function netMethods({ chain, shards, clientVersion }: RpcBackend): MethodTable {
  // The one quantity that is decimal.
  const networkId = method(0, () => chain.chainId.toString());
  return {
    net_version: networkId,
    eth_networkId: networkId,
    net_listening: method(0, () => true),
    net_peerCount: method(0, () => quantity(shards.topology().peers)),
    web3_clientVersion: method(0, () => clientVersion),
    rpc_modules: method(0, () => Object.fromEntries(MODULES.map((name) => [name, '1.0'] as const))),
    web3_sha3: method(1, (params) => keccak256Hex(params.required(0, parseBytes))),
  };
}
