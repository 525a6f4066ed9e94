import type { ShardRules } from './ports.ts';

/** S = 1: everything is local, a creation costs nothing more and writes nothing. */
export const plainEthereumRules: ShardRules = {
  shard: 0,
  shardCount: 1,
  residence: () => ({ kind: 'local' }),
  creationGas: 0,
  placementWrites: () => [],
  remoteContractError: () => new Uint8Array(0),
};
