import { join } from 'node:path';
import * as nodePackage from '@heddle/node';
import { createNetwork } from '../../src/network/create-network.ts';

/** Writes a network of one validator into `directory`/net; gives the validator's folder. */
export async function createOwnNetwork(
  directory: string,
  terms: { readonly shards: number; readonly chainId: number; readonly balanceWei: bigint },
): Promise<string> {
  await createNetwork(
    {
      ...terms,
      dir: join(directory, 'net'),
      validators: 1,
      blockTimeMs: 0,
      fund: [],
      registryOwner: null,
      hosts: [],
      rpcPort: 8545,
      p2pPort: 9000,
      json: true,
    },
    { loadNode: () => Promise.resolve(nodePackage), wallMs: Date.now, print: () => {} },
  );
  return join(directory, 'net', 'validator-0');
}
