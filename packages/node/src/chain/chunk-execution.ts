import {
  assembleChunkHeader,
  type ChunkContext,
  type ChunkOutcome,
  canonicalEmptyContext,
  chunkRoots,
  executeChunk,
  nextBaseFee,
  produceChunk,
  supplyChange,
} from '@heddle/execution';
import { assert } from '@heddle/primitives';
import { createLayer } from '@heddle/state';
import {
  type Address,
  type Chunk,
  type ChunkHeader,
  type Hash,
  hashAccessList,
  hashChunkHeader,
  type RecoveredTransaction,
  type ShardId,
  ZERO_ADDRESS,
} from '@heddle/types';
import { InvalidBlockError } from '../errors.ts';
import { MAX_GAS_TARGET_HALVINGS } from '../limits.ts';
import { Ancestors } from './ancestors.ts';
import type { Chain } from './chain.ts';
import type { ExecutedBlock, ExecutedChunk } from './executed-block.ts';
import { decodeReceived, recoverReceived } from './transaction-memory.ts';

/** What a producer chooses; everything else follows from the parent. */
export interface ChunkTerms {
  /** Seconds. */
  readonly timestamp: bigint;
  readonly coinbase: Address;
}

/** Base fee of each shard for a chunk on `parent`. */
export function baseFeesOn(parent: ExecutedBlock): readonly bigint[] {
  return parent.shards.map((tip) => nextBaseFee(tip.header));
}

function contextFor(chain: Chain, parent: ExecutedBlock, shard: ShardId, terms: ChunkTerms): ChunkContext {
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
    gasLimit: chain.genesis.chunkGasLimit,
    baseFees: baseFeesOn(parent),
    ancestor: (height) => ancestors.summary(height),
    placements: ancestors.placementsFor(shard, tip.header.height),
    queue: tip.queue,
  };
}

function finish(
  chain: Chain,
  parent: ExecutedBlock,
  context: ChunkContext,
  outcome: ChunkOutcome,
  producer: number,
): Omit<ExecutedChunk, 'chunk'> {
  const state = chain.shardTip(parent, context.shard).state;
  // Conservation (protocol.md, Messages): a wei made or lost is a bug that must not become final.
  assert(
    supplyChange(outcome, state).total === 0n,
    `chunk of shard ${context.shard} at ${context.height} changes the supply`,
  );
  const layer = createLayer(state, outcome.changes);
  const roots = chunkRoots(outcome, chain.rules(context.shard).message);
  const header = assembleChunkHeader(context, outcome, roots, layer.root, producer);
  return { header, hash: hashChunkHeader(header), outcome, layer };
}

/** Builds this node's chunk for `shard` on `parent` from the pool's candidates. It has no signature yet. */
export function buildChunk(
  chain: Chain,
  parent: ExecutedBlock,
  shard: ShardId,
  terms: ChunkTerms,
  producer: number,
  candidates: Iterable<RecoveredTransaction>,
): Omit<ExecutedChunk, 'chunk'> {
  const rules = chain.rules(shard);
  const context = contextFor(chain, parent, shard, terms);
  const { state, missed } = chain.shardTip(parent, shard);
  const gasTarget = context.gasLimit >> BigInt(Math.min(missed, MAX_GAS_TARGET_HALVINGS));
  const outcome = produceChunk(context, state, rules.shard, rules.message, candidates, gasTarget);
  return finish(chain, parent, context, outcome, producer);
}

/** The canonical empty chunk of a one-shard network: everyone computes the same (protocol.md, Blocks and chunks). */
export function emptyChunk(chain: Chain, parent: ExecutedBlock): ExecutedChunk {
  const terms: ChunkTerms = { timestamp: parent.block.header.timestamp, coinbase: ZERO_ADDRESS };
  const context = canonicalEmptyContext(contextFor(chain, parent, 0, terms));
  const rules = chain.rules(0);
  const outcome = executeChunk(context, chain.shardTip(parent, 0).state, rules.shard, rules.message, []);
  return { ...finish(chain, parent, context, outcome, 0), chunk: null };
}

/** Executes a chunk from outside and checks every field of its header. Throws `InvalidBlockError` or execution's own typed error. */
export function checkChunk(chain: Chain, parent: ExecutedBlock, chunk: Chunk, hash: Hash): ExecutedChunk {
  const claimed = chunk.header;
  checkPlace(chain, parent, claimed, hash);
  const context = contextFor(chain, parent, claimed.shard, claimed);
  const rules = chain.rules(claimed.shard);
  const state = chain.shardTip(parent, claimed.shard).state;
  const transactions = chunk.body.transactions.map((raw) => recoverBodyTransaction(chain, raw, hash));
  const outcome = refusing(hash, () => executeChunk(context, state, rules.shard, rules.message, transactions));
  const executed = finish(chain, parent, context, outcome, claimed.producer);
  if (executed.hash !== hash) throw new InvalidBlockError(hash, `execution gives chunk ${executed.hash}`);
  if (hashAccessList(chunk.body.accessList) !== claimed.accessListHash) {
    throw new InvalidBlockError(hash, 'the access list is not the one that the header commits');
  }
  return { ...executed, chunk };
}

function checkPlace(chain: Chain, parent: ExecutedBlock, header: ChunkHeader, hash: Hash): void {
  const refuse = (rule: string): never => {
    throw new InvalidBlockError(hash, rule);
  };
  if (header.shard >= chain.genesis.shardCount) refuse('no such shard');
  if (header.parentBlockHash !== parent.hash) refuse('wrong parent block');
  if (header.height !== parent.height + 1n) refuse('wrong height');
  if (header.timestamp < parent.block.header.timestamp) refuse('timestamp before the parent block');
  const n = BigInt(chain.validatorSets.ofChildren(parent).validators.length);
  if (BigInt(header.producer) !== (header.height + BigInt(header.shard)) % n) refuse('not the producer of this height');
}

function recoverBodyTransaction(chain: Chain, raw: Uint8Array, chunkHash: Hash): RecoveredTransaction {
  const signed = refusing(chunkHash, () => decodeReceived(raw));
  const known = chain.knownTransaction(signed.hash) ?? recoverReceived(signed);
  if (known === null) throw new InvalidBlockError(chunkHash, `transaction ${signed.hash} has no valid signature`);
  return known;
}

/** Errors of execution and decoding that condemn what came from outside, not this node. */
const REFUSALS: ReadonlySet<string> = new Set(['INVALID_CHUNK', 'INVALID_TRANSACTION', 'INVALID_TRANSACTION_ENCODING']);

function refusing<T>(hash: Hash, run: () => T): T {
  try {
    return run();
  } catch (error) {
    const isRefusal =
      error instanceof Error && 'code' in error && typeof error.code === 'string' && REFUSALS.has(error.code);
    if (isRefusal) throw new InvalidBlockError(hash, error.message);
    throw error;
  }
}
