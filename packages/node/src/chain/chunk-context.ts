import {
  assembleChunkHeader,
  type ChunkContext,
  type ChunkOutcome,
  canonicalEmptyContext,
  chunkRoots,
  executeChunk,
  nextBaseFee,
  sectionBaseFee,
  sendAllowances,
  supplyChange,
} from '@heddle/execution';
import { assert } from '@heddle/primitives';
import { createLayer, type StateLayer } from '@heddle/state';
import { type Address, hashChunkHeader, type ShardId, ZERO_ADDRESS } from '@heddle/types';
import type { RouteView } from '../pool/routes.ts';
import { Ancestors } from './ancestors.ts';
import type { Chain } from './chain.ts';
import type { ExecutedBlock, ExecutedChunk } from './executed-block.ts';

/** What a producer chooses; everything else follows from the parent. */
export interface ChunkTerms {
  /** Seconds. */
  readonly timestamp: bigint;
  readonly coinbase: Address;
}

/** An own chunk without its signature. */
export type BuiltChunk = Omit<ExecutedChunk, 'chunk'>;

/** Base fee of each shard for a chunk on `parent`. */
export function baseFeesOn(parent: ExecutedBlock): readonly bigint[] {
  return parent.shards.map((tip) => parent.control.nextBaseFee ?? nextBaseFee(tip.header));
}

/** What decides which way transactions take in the block on `parent`. */
export function routeViewOn(parent: ExecutedBlock): RouteView {
  return { states: parent.shards.map(({ state }) => state), sectionBaseFee: sectionBaseFeeOn(parent) };
}

/** Base fee of a section on `parent`; 0 with one shard. */
export function sectionBaseFeeOn({ block, control }: ExecutedBlock): bigint {
  if (block.section === null || block.chunks.length === 1) return 0n;
  return control.nextBaseFee ?? sectionBaseFee(block.section.header);
}

/** Weight of the Calls that the chunk of `shard` on `parent` may send each shard. */
export function allowancesOn({ height, shards }: ExecutedBlock, shard: ShardId): readonly bigint[] {
  return sendAllowances(
    { shard, height: height + 1n },
    shards.map(({ header }) => header),
  );
}

/** Everything that a chunk of `shard` on `parent` is executed in. */
export function chunkContext(chain: Chain, parent: ExecutedBlock, shard: ShardId, terms: ChunkTerms): ChunkContext {
  const tip = chain.shardTip(parent, shard);
  const ancestors = new Ancestors(chain.tree, chain.store, parent);
  return {
    chainId: chain.genesis.chainId,
    shard,
    shardCount: chain.genesis.shardCount,
    height: parent.height + 1n,
    timestamp: terms.timestamp,
    coinbase: terms.coinbase,
    prevRandao: chain.mixAfter(parent),
    parentBlockHash: parent.hash,
    parentBeaconBlockRoot: chain.validatorSets.ofGrandchildren(parent).hash,
    parentChunk: tip.header,
    parentChunkHash: tip.headerHash,
    gasLimit: chain.chunkGasLimit(parent),
    baseFees: baseFeesOn(parent),
    allowances: allowancesOn(parent, shard),
    ancestor: (height) => ancestors.summary(height),
    dispatch: chain.genesis.dispatch,
    queue: tip.queue,
  };
}

/** The chunk that was executed in `context`, with the header that follows. It reads the parent's state once more. */
export function finishChunk(
  chain: Chain,
  parent: ExecutedBlock,
  context: ChunkContext,
  outcome: ChunkOutcome,
  layer: StateLayer,
  producer: number,
): BuiltChunk {
  const state = chain.shardTip(parent, context.shard).state;
  // Conservation (protocol.md, Messages): a wei made or lost is a bug that must not become final.
  assert(
    supplyChange(outcome, state).total === 0n,
    `chunk of shard ${context.shard} at ${context.height} changes the supply`,
  );
  const roots = chunkRoots(outcome, context.shardCount);
  const header = assembleChunkHeader(context, outcome, roots, layer.root, producer);
  return { header, hash: hashChunkHeader(header), outcome, layer };
}

/** The canonical empty chunk of a one-shard network: everyone computes the same (protocol.md, Blocks and chunks). */
export function emptyChunk(chain: Chain, parent: ExecutedBlock): ExecutedChunk {
  const terms: ChunkTerms = { timestamp: parent.block.header.timestamp, coinbase: ZERO_ADDRESS };
  const context = canonicalEmptyContext(chunkContext(chain, parent, 0, terms));
  const rules = chain.rules(0);
  const { state } = chain.shardTip(parent, 0);
  const outcome = executeChunk(context, state, rules, []);
  const layer = createLayer(state, outcome.changes);
  return { ...finishChunk(chain, parent, context, outcome, layer, 0), chunk: null };
}
