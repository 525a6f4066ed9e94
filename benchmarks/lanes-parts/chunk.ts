import { BEACON_ROOTS_CODE, HISTORY_STORAGE_CODE } from '../../packages/contracts/src/index.ts';
import { type ChunkContext, genesisChunkHeader } from '../../packages/execution/src/index.ts';
import { hexToBytes, keccak256Hex } from '../../packages/primitives/src/index.ts';
import { createShardRules, type ShardRules } from '../../packages/sharding/src/index.ts';
import {
  createMemoryBackend,
  genesisLayer,
  openState,
  type StateChanges,
  type StateSnapshot,
} from '../../packages/state/src/index.ts';
import {
  type Address,
  BEACON_ROOTS_ADDRESS,
  HISTORY_STORAGE_ADDRESS,
  hashChunkHeader,
  ZERO_HASH,
} from '../../packages/types/src/index.ts';
import { CHAIN_ID } from './workloads.ts';

/** Where a workload's block is executed: the first block of a network with one shard. */
export interface BenchChunk {
  readonly task: { readonly context: ChunkContext; readonly rules: ShardRules };
  readonly state: StateSnapshot;
}

/** Room for every workload: what is measured is work, not limits. */
const GAS_LIMIT = 10_000_000_000n;
const BASE_FEE = 1_000_000_000n;
const COINBASE: Address = '0xc01bba5e00000000000000000000000000000000';
const ONE_SHARD = { shard: 0, shardCount: 1 } as const;

/** The state is final and in memory, as a store has it. */
export function benchChunk(changes: StateChanges): BenchChunk {
  const layer = genesisLayer(withSystemContracts(changes));
  const backend = createMemoryBackend();
  backend.apply(layer);
  const rules = createShardRules(ONE_SHARD);
  const genesis = {
    ...ONE_SHARD,
    stateRoot: layer.root,
    gasLimit: GAS_LIMIT,
    baseFeePerGas: BASE_FEE,
    timestamp: 1_000n,
  };
  const parentChunk = genesisChunkHeader(genesis);
  const parent = { hash: ZERO_HASH, timestamp: 1_000n, parentBeaconBlockRoot: ZERO_HASH };
  const context: ChunkContext = {
    ...ONE_SHARD,
    chainId: CHAIN_ID,
    height: 1n,
    timestamp: 1_001n,
    coinbase: COINBASE,
    prevRandao: ZERO_HASH,
    parentBlockHash: parent.hash,
    parentBeaconBlockRoot: ZERO_HASH,
    parentChunk,
    parentChunkHash: hashChunkHeader(parentChunk),
    gasLimit: GAS_LIMIT,
    baseFees: [BASE_FEE],
    allowances: [0n],
    ancestor: (height) => (height === 0n ? parent : null),
    dispatch: false,
    queue: [],
  };
  return { task: { context, rules }, state: openState(backend, layer.root) };
}

function withSystemContracts({ accounts, storage, codes }: StateChanges): StateChanges {
  const allAccounts = new Map(accounts);
  const allCodes = new Map(codes);
  for (const [address, code] of [
    [BEACON_ROOTS_ADDRESS, hexToBytes(BEACON_ROOTS_CODE)],
    [HISTORY_STORAGE_ADDRESS, hexToBytes(HISTORY_STORAGE_CODE)],
  ] as const) {
    const codeHash = keccak256Hex(code);
    allCodes.set(codeHash, code);
    allAccounts.set(address, { nonce: 1n, balance: 0n, codeHash });
  }
  return { accounts: allAccounts, storage, codes: allCodes };
}
