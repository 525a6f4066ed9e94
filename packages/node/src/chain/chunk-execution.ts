import { proposalDeadlineMs } from '@heddle/consensus';
import {
  type ChunkContext,
  gasTarget,
  InvalidChunkError,
  InvalidTransactionError,
  type LaneOutcome,
  StaleStateError,
} from '@heddle/execution';
import {
  type Chunk,
  type ChunkHeader,
  encodeChunk,
  type Hash,
  InvalidTransactionEncodingError,
  MAX_CHUNK_BYTES,
  MAX_TRANSACTION_GAS,
  type RecoveredTransaction,
  type ShardId,
  type SignedTransaction,
} from '@heddle/types';
import { InvalidBlockError, StoppedError, SupersededError } from '../errors.ts';
import { BUILD_SHARE, HEAVY_TURN_HEIGHTS } from '../limits.ts';
import type { Foundation } from '../parts/foundation.ts';
import type { Chain } from './chain.ts';
import { type BuiltChunk, type ChunkTerms, chunkContext, finishChunk } from './chunk-context.ts';
import type { ExecutedBlock, ExecutedChunk } from './executed-block.ts';
import { decodeIncluded, recoveredBefore, recoverReceived, rememberRecovered } from './transaction-memory.ts';
import { takenInTime, WorkPace } from './work-pace.ts';

type Parts = Pick<Foundation, 'chain' | 'executor' | 'executions' | 'clock'>;

/**
 * Builds and checks chunks. While one is executed, which may take many turns of the event loop, the parent may fall
 * below the final block, and with it the state that the chunk stands on: then there is no result.
 */
export class ChunkExecution {
  readonly #parts: Parts;
  readonly #pace: WorkPace;
  readonly #budgetMs: number;
  /** What building a chunk of each shard took last, ms. */
  readonly #lastBuildMs = new Map<ShardId, number>();
  #stopped = false;

  constructor(parts: Parts) {
    const { chunkDeadlineMs, chunkGasLimit } = parts.chain.genesis;
    this.#parts = parts;
    this.#budgetMs = chunkDeadlineMs * BUILD_SHARE;
    this.#pace = new WorkPace(chunkGasLimit, this.#budgetMs);
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
    const { chain, executor, clock } = this.#parts;
    const context = chunkContext(chain, parent, shard, terms);
    const rules = chain.rules(shard);
    const { state } = chain.shardTip(parent, shard);
    const { first, all } = peeked(candidates);
    const target = this.#gasTarget(parent, shard, first);
    const inTime = takenInTime(all, clock, this.#budgetMs);
    const startMs = clock.monotonicMs();
    const elapsedMs = (): number => clock.monotonicMs() - startMs;
    const built = await this.#run(parent, context, producer, (isCurrent) =>
      executor.build({
        task: { context, rules },
        state,
        candidates: inTime,
        gasTarget: target,
        isCurrent,
      }),
    ).finally(() => this.#lastBuildMs.set(shard, elapsedMs()));
    this.#pace.measured(built.outcome.gasUsed, elapsedMs());
    return built;
  }

  /**
   * Whether a chunk on `parent` could only come too late: nobody waits longer than D for a shard that is down, but at
   * patient heights, and its last chunk took longer. To build it would keep this machine from what others wait for.
   */
  isHopeless({ shards }: ExecutedBlock, shard: ShardId): boolean {
    const { chunkDeadlineMs } = this.#parts.chain.genesis;
    const missed = shards.map((tip) => tip.missed);
    const isAwaited = missed[shard] === 0 || proposalDeadlineMs(chunkDeadlineMs, missed) > chunkDeadlineMs;
    return !isAwaited && (this.#lastBuildMs.get(shard) ?? 0) > chunkDeadlineMs;
  }

  /**
   * Gas that a chunk is filled up to: what fits in its time, less with each height in a row that the shard missed. But
   * one transaction always fits, however much it declares: the first that is offered, or in the shard's turns for heavy
   * ones any. Otherwise one that is slow to execute would wait for ever behind light ones that never miss a height.
   */
  #gasTarget(parent: ExecutedBlock, shard: ShardId, first: RecoveredTransaction | null): bigint {
    const { chain } = this.#parts;
    const chunkGasLimit = chain.chunkGasLimit(parent);
    const { missed } = chain.shardTip(parent, shard);
    const reduced = gasTarget(chunkGasLimit, BigInt(missed));
    const lastChunk = parent.height - BigInt(missed);
    const isHeavyTurn = (lastChunk / HEAVY_TURN_HEIGHTS) % 2n === 1n;
    const heaviest = isHeavyTurn ? MAX_TRANSACTION_GAS : (first?.fields.gasLimit ?? 0n);
    const target = reduced < this.#pace.gas ? reduced : this.#pace.gas;
    const least = heaviest < chunkGasLimit ? heaviest : chunkGasLimit;
    return target > least ? target : least;
  }

  /**
   * Executes a chunk from outside, which is genuine (`EpochValidators.isGenuine`), and checks every field of its header. Throws
   * `InvalidBlockError` about the chunk, `SupersededError` when the parent is below the final block, `StoppedError`.
   */
  async check(parent: ExecutedBlock, chunk: Chunk, hash: Hash): Promise<ExecutedChunk> {
    const { chain, executor } = this.#parts;
    const { header: claimed, body } = chunk;
    checkPlace(parent, claimed, hash);
    checkSize(chunk, hash);
    const context = chunkContext(chain, parent, claimed.shard, claimed);
    const rules = chain.rules(claimed.shard);
    const { state } = chain.shardTip(parent, claimed.shard);
    const signed = refusing(hash, () => body.transactions.map((raw) => decodeIncluded(raw, chain.genesis)));
    const executed = await this.#run(parent, context, claimed.producer, (isCurrent) =>
      executor.verify({
        task: { context, rules },
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
    const { chain, executions } = this.#parts;
    const isCurrent = (): boolean => !this.#stopped && chain.tree.get(parent.hash) !== null;
    const done = isCurrent() ? await execute(isCurrent).catch(staleToNull) : null;
    if (this.#stopped) throw new StoppedError();
    if (done === null || !isCurrent()) throw new SupersededError(parent.hash);
    // In the same moment: it reads the parent's state once more.
    const built = finishChunk(chain, parent, context, done.outcome, done.layer, producer);
    executions.add(built.hash, done.report);
    return built;
  }
}

function checkPlace(parent: ExecutedBlock, header: ChunkHeader, hash: Hash): void {
  const refuse = (rule: string): never => {
    throw new InvalidBlockError(hash, rule);
  };
  if (header.parentBlockHash !== parent.hash) refuse('wrong parent block');
  if (header.height !== parent.height + 1n) refuse('wrong height');
  if (header.timestamp < parent.block.header.timestamp) refuse('timestamp before the parent block');
}

/** Whatever brought it here: what is valid must also fit the messages that carry it. */
function checkSize(chunk: Chunk, hash: Hash): void {
  const { length } = encodeChunk(chunk);
  if (length > MAX_CHUNK_BYTES) throw new InvalidBlockError(hash, `it has ${length} bytes, at most ${MAX_CHUNK_BYTES}`);
}

/** The first item, if there is one, and all of them. */
function peeked<T>(items: Iterable<T>): { readonly first: T | null; readonly all: Iterable<T> } {
  const iterator = items[Symbol.iterator]();
  const next = iterator.next();
  if (next.done === true) return { first: null, all: [] };
  return { first: next.value, all: followed(next.value, iterator) };
}

function* followed<T>(first: T, rest: Iterator<T>): Generator<T> {
  yield first;
  for (let next = rest.next(); next.done !== true; next = rest.next()) yield next.value;
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

function refusing<T>(hash: Hash, run: () => T): T {
  try {
    return run();
  } catch (error) {
    return refuse(hash, error);
  }
}

function refuse(hash: Hash, error: unknown): never {
  if (isRefusal(error)) throw new InvalidBlockError(hash, error.message);
  throw error;
}

/** Errors of execution and decoding that condemn what came from outside, not this node. */
function isRefusal(
  error: unknown,
): error is InvalidChunkError | InvalidTransactionError | InvalidTransactionEncodingError {
  return (
    error instanceof InvalidChunkError ||
    error instanceof InvalidTransactionError ||
    error instanceof InvalidTransactionEncodingError
  );
}
