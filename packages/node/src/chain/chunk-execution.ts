import {
  assembleChunkHeader,
  type ChunkContext,
  type ChunkExecutor,
  type ChunkOutcome,
  canonicalEmptyContext,
  chunkRoots,
  executeChunk,
  type LaneOutcome,
  nextBaseFee,
  StaleStateError,
  supplyChange,
} from '@heddle/execution';
import { assert } from '@heddle/primitives';
import { createLayer, type StateLayer } from '@heddle/state';
import {
  type Address,
  type Chunk,
  type ChunkHeader,
  type Hash,
  hashAccessList,
  hashChunkHeader,
  type RecoveredTransaction,
  type ShardId,
  type SignedTransaction,
  ZERO_ADDRESS,
} from '@heddle/types';
import { InvalidBlockError, StoppedError, SupersededError } from '../errors.ts';
import { MAX_GAS_TARGET_HALVINGS } from '../limits.ts';
import { Ancestors } from './ancestors.ts';
import type { Chain } from './chain.ts';
import type { ExecutedBlock, ExecutedChunk } from './executed-block.ts';
import type { ExecutionReports } from './execution-reports.ts';
import { decodeReceived, recoveredBefore, recoverReceived, rememberRecovered } from './transaction-memory.ts';

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

/** An own chunk without its signature. */
export type BuiltChunk = Omit<ExecutedChunk, 'chunk'>;

export interface ChunkExecutionPorts {
  readonly chain: Chain;
  /** In line, or on the threads that the validators of a process share. */
  readonly executor: ChunkExecutor;
  readonly reports: ExecutionReports;
}

/**
 * Builds and checks chunks. While one is executed, which may take many turns of the event loop, the parent may fall
 * below the final block, and with it the state that the chunk stands on: then there is no result.
 */
export class ChunkExecution {
  readonly #ports: ChunkExecutionPorts;
  #stopped = false;

  constructor(ports: ChunkExecutionPorts) {
    this.#ports = ports;
  }

  /** Nothing is executed any more: what is under way, and whoever still asks, gets `StoppedError`. */
  stop(): void {
    this.#stopped = true;
  }

  /**
   * Builds this node's chunk for `shard` on `parent` from the pool's candidates. Throws `SupersededError`
   * when the parent fell below the final block, `StoppedError`.
   */
  async build(
    parent: ExecutedBlock,
    shard: ShardId,
    terms: ChunkTerms,
    producer: number,
    candidates: Iterable<RecoveredTransaction>,
  ): Promise<BuiltChunk> {
    const { chain, executor } = this.#ports;
    const context = contextFor(chain, parent, shard, terms);
    const { shard: rules, message: messageRules } = chain.rules(shard);
    const { state, missed } = chain.shardTip(parent, shard);
    const gasTarget = context.gasLimit >> BigInt(Math.min(missed, MAX_GAS_TARGET_HALVINGS));
    return this.#run(parent, context, producer, (isCurrent) =>
      executor.build({ task: { context, rules, messageRules }, state, candidates, gasTarget, isCurrent }),
    );
  }

  /**
   * Executes a chunk from outside and checks every field of its header. Throws `InvalidBlockError`,
   * `SupersededError` when the parent fell below the final block, or `StoppedError`.
   */
  async check(parent: ExecutedBlock, chunk: Chunk, hash: Hash): Promise<ExecutedChunk> {
    const { chain, executor } = this.#ports;
    const { header: claimed, body } = chunk;
    checkPlace(chain, parent, claimed, hash);
    // Cheap, and it keeps a list that nobody signed for away from the lanes.
    if (hashAccessList(body.accessList) !== claimed.accessListHash) {
      throw new InvalidBlockError(hash, 'the access list is not the one that the header commits');
    }
    const context = contextFor(chain, parent, claimed.shard, claimed);
    const { shard: rules, message: messageRules } = chain.rules(claimed.shard);
    const { state } = chain.shardTip(parent, claimed.shard);
    const signed = refusing(hash, () => body.transactions.map(decodeReceived));
    const executed = await this.#run(parent, context, claimed.producer, (isCurrent) =>
      executor.verify({
        task: { context, rules, messageRules },
        state,
        body: { transactions: signed.map((transaction) => known(chain, transaction)), accessList: body.accessList },
        recovered: () => signed.map((transaction) => recoverBodyTransaction(chain, transaction, hash)),
        isCurrent,
      }),
    ).catch((error: unknown) => refuse(hash, error));
    if (executed.hash !== hash) throw new InvalidBlockError(hash, `execution gives chunk ${executed.hash}`);
    rememberSenders(signed, executed.outcome.included);
    return { ...executed, chunk };
  }

  /** Flat state follows the final block: what lies below can't be executed on any more. */
  async #run(
    parent: ExecutedBlock,
    context: ChunkContext,
    producer: number,
    execute: (isCurrent: () => boolean) => Promise<LaneOutcome>,
  ): Promise<BuiltChunk> {
    const { chain, reports } = this.#ports;
    const isCurrent = (): boolean => !this.#stopped && chain.tree.get(parent.hash) !== null;
    const done = isCurrent() ? await execute(isCurrent).catch(staleToNull) : null;
    if (this.#stopped) throw new StoppedError();
    if (done === null || !isCurrent()) throw new SupersededError(parent.hash);
    // In the same moment: it reads the parent's state once more.
    const built = finish(chain, parent, context, done.outcome, done.layer, producer);
    reports.add(built.hash, done.report);
    return built;
  }
}

/** The canonical empty chunk of a one-shard network: everyone computes the same (protocol.md, Blocks and chunks). */
export function emptyChunk(chain: Chain, parent: ExecutedBlock): ExecutedChunk {
  const terms: ChunkTerms = { timestamp: parent.block.header.timestamp, coinbase: ZERO_ADDRESS };
  const context = canonicalEmptyContext(contextFor(chain, parent, 0, terms));
  const rules = chain.rules(0);
  const { state } = chain.shardTip(parent, 0);
  const outcome = executeChunk(context, state, rules.shard, rules.message, []);
  const layer = createLayer(state, outcome.changes);
  return { ...finish(chain, parent, context, outcome, layer, 0), chunk: null };
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
  layer: StateLayer,
  producer: number,
): BuiltChunk {
  const state = chain.shardTip(parent, context.shard).state;
  // Conservation (protocol.md, Messages): a wei made or lost is a bug that must not become final.
  assert(
    supplyChange(outcome, state).total === 0n,
    `chunk of shard ${context.shard} at ${context.height} changes the supply`,
  );
  const roots = chunkRoots(outcome, chain.rules(context.shard).message);
  const header = assembleChunkHeader(context, outcome, roots, layer.root, producer);
  return { header, hash: hashChunkHeader(header), outcome, layer };
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

function staleToNull(error: unknown): null {
  if (error instanceof StaleStateError) return null;
  throw error;
}

/** The transaction, with its sender if anybody in this process has recovered that. */
function known(chain: Chain, signed: SignedTransaction): SignedTransaction | RecoveredTransaction {
  return chain.knownTransaction(signed.hash) ?? recoveredBefore(signed) ?? signed;
}

function recoverBodyTransaction(chain: Chain, signed: SignedTransaction, chunkHash: Hash): RecoveredTransaction {
  const transaction = chain.knownTransaction(signed.hash) ?? recoverReceived(signed);
  if (transaction === null) {
    throw new InvalidBlockError(chunkHash, `transaction ${signed.hash} has no valid signature`);
  }
  return transaction;
}

/** A valid chunk includes all of its body, in order. */
function rememberSenders(signed: readonly SignedTransaction[], included: readonly RecoveredTransaction[]): void {
  for (const [position, transaction] of included.entries()) {
    const received = signed[position];
    if (received !== undefined) rememberRecovered(received, transaction);
  }
}

/** Errors of execution and decoding that condemn what came from outside, not this node. */
const REFUSALS: ReadonlySet<string> = new Set(['INVALID_CHUNK', 'INVALID_TRANSACTION', 'INVALID_TRANSACTION_ENCODING']);

function refusing<T>(hash: Hash, run: () => T): T {
  try {
    return run();
  } catch (error) {
    return refuse(hash, error);
  }
}

function refuse(hash: Hash, error: unknown): never {
  const isRefusal =
    error instanceof Error && 'code' in error && typeof error.code === 'string' && REFUSALS.has(error.code);
  if (isRefusal) throw new InvalidBlockError(hash, error.message);
  throw error;
}
