import { createLayer, genesisLayer, type StateSnapshot } from '@heddle/state';
import {
  type Address,
  BLOB_BASE_FEE,
  type ChunkHeader,
  type Hash,
  type Log,
  type RecoveredTransaction,
  type ShardId,
  ZERO_HASH,
} from '@heddle/types';
import {
  type BlockEnvironment,
  executeSection,
  executeTransaction,
  genesisChunkHeader,
  openUnionWorld,
  type SectionContext,
} from '../src/index.ts';
import { brokenLaws } from './section-laws.ts';
import { type FlatAccount, joinStates, residenceBySeed, spreadState } from './spread-state.ts';
import type { Spread } from './state-test.ts';

/**
 * The transaction as the only one of a section, on the account's shards; below it, on the union itself, what no section
 * has: blobs, and another price of them than 1. The root is that of the union.
 */
export function executeOnMany(
  accounts: ReadonlyMap<Address, FlatAccount>,
  environment: BlockEnvironment,
  transaction: RecoveredTransaction,
  { shards, seed }: Spread,
): { readonly logs: readonly Log[]; readonly stateRoot: Hash } {
  const flat = spreadState(accounts, shards, residenceBySeed(shards, seed));
  const states = flat.map((state) => genesisLayer(state));
  const historyShard = seed % shards;
  const isForSections = transaction.fields.type !== 3 && environment.blobBaseFee === BLOB_BASE_FEE;
  const { logs, changes } = isForSections
    ? runSection(states, environment, transaction, historyShard)
    : runBelow(states, environment, transaction, historyShard);
  for (const [shard, state] of flat.entries()) {
    const change = changes[shard];
    if (change === undefined) throw new Error(`shard ${shard} has no changes, not even none`);
    state.apply(change);
    const layer = createLayer(stateAt(states, shard), change);
    if (layer.root !== genesisLayer(state).root) throw new Error(`shard ${shard} has another root than its accounts`);
  }
  return { logs, stateRoot: genesisLayer(joinStates(flat, historyShard)).root };
}

type SpreadEffects = { readonly logs: readonly Log[]; readonly changes: ReturnType<typeof executeSection>['changes'] };

function runSection(
  states: readonly StateSnapshot[],
  environment: BlockEnvironment,
  transaction: RecoveredTransaction,
  historyShard: ShardId,
): SpreadEffects {
  const outcome = executeSection(sectionContext(states, environment, historyShard), states, [transaction]);
  const broken = brokenLaws(outcome, states);
  if (broken.length > 0) throw new Error(broken.join('; '));
  return { logs: outcome.executed[0]?.receipt.logs ?? [], changes: outcome.changes };
}

function runBelow(
  states: readonly StateSnapshot[],
  environment: BlockEnvironment,
  transaction: RecoveredTransaction,
  historyShard: ShardId,
): SpreadEffects {
  const world = openUnionWorld(states, historyShard);
  world.beginIndex(1);
  const { outcome } = executeTransaction(world, environment, transaction);
  return { logs: outcome.logs, changes: world.changesByShard() };
}

/** One shard has a new chunk, at the block's time; the others' are those of the height before. */
function sectionContext(
  states: readonly StateSnapshot[],
  environment: BlockEnvironment,
  historyShard: ShardId,
): SectionContext {
  const { chainId, number, timestamp, coinbase, prevRandao, gasLimit, baseFeePerGas } = environment;
  const chunks = states.map(({ root }, shard): ChunkHeader => {
    const height = shard === historyShard ? number : number - 1n;
    const genesis = { shard, shardCount: states.length, stateRoot: root, gasLimit, baseFeePerGas, timestamp };
    return { ...genesisChunkHeader(genesis), height, coveredHeight: height };
  });
  const parentBeaconBlockRoot = ZERO_HASH;
  return {
    chainId,
    height: number,
    timestamp,
    coinbase,
    prevRandao,
    parentBeaconBlockRoot,
    gasLimit,
    baseFeePerGas,
    ancestor: (height) => {
      const hash = environment.blockHash(height);
      return hash === null ? null : { hash, timestamp, parentBeaconBlockRoot };
    },
    chunks,
  };
}

function stateAt(states: readonly StateSnapshot[], shard: ShardId): StateSnapshot {
  const state = states[shard];
  if (state === undefined) throw new Error(`there is no shard ${shard}`);
  return state;
}
