import {
  assembleSectionHeader,
  blockTimestamp,
  InvalidSectionError,
  type SectionContext,
  type SectionResult,
  StaleStateError,
  sectionSupplyChange,
} from '@heddle/execution';
import { assert } from '@heddle/primitives';
import type { StateSnapshot } from '@heddle/state';
import {
  type Address,
  type Block,
  type Hash,
  InvalidTransactionEncodingError,
  type RecoveredTransaction,
  type Section,
} from '@heddle/types';
import { InvalidBlockError, StoppedError, SupersededError } from '../errors.ts';
import { HEAVY_SECTION_HEIGHTS, MAX_HEAVY_SKIPS, MAX_SECTION_BACKOFF, SECTION_SHARE } from '../limits.ts';
import type { Foundation } from '../parts/foundation.ts';
import { Ancestors } from './ancestors.ts';
import { statesAfter } from './block-execution.ts';
import { sectionBaseFeeOn } from './chunk-context.ts';
import type { ExecutedBlock, ExecutedChunk, ExecutedSection } from './executed-block.ts';
import { decodeIncluded, recoverReceived } from './transaction-memory.ts';
import { WorkPace } from './work-pace.ts';

type Parts = Pick<Foundation, 'chain' | 'executor' | 'clock' | 'routes'>;

/** What a leader chooses of its section. */
export interface SectionTerms {
  readonly coinbase: Address;
  /** Views without a block since the parent's. */
  readonly skippedViews: number;
  /** Best first, a sender's by nonce. */
  readonly candidates: Iterable<RecoveredTransaction>;
}

/**
 * Builds and checks the global section of blocks (global.md): what touches several shards, executed after the chunks on the
 * union of their states. Many turns of the event loop may pass, so the parent may fall below the final block meanwhile.
 */
export class SectionExecution {
  readonly #parts: Parts;
  readonly #pace: WorkPace;
  #stopped = false;

  constructor(parts: Parts) {
    const { globalGasLimit, deltaMs } = parts.chain.genesis;
    this.#parts = parts;
    this.#pace = new WorkPace(globalGasLimit, deltaMs * SECTION_SHARE);
  }

  /** Nothing is executed any more: what is under way, and whoever still asks, gets `StoppedError`. */
  stop(): void {
    this.#stopped = true;
  }

  /**
   * The section of a block on `parent` with these chunks; null with one shard. A leader fills less of it after views that
   * were skipped, and no more than this machine executes in time: it is on everybody's way. Every eighth height the first
   * candidate that is set aside for that is taken all the same, so that the heaviest gets through, unless too many leaders
   * have tried in vain. Throws `SupersededError`, `StoppedError`.
   */
  async build(
    parent: ExecutedBlock,
    chunks: readonly (ExecutedChunk | null)[],
    terms: SectionTerms,
  ): Promise<ExecutedSection | null> {
    const { chain, executor, clock } = this.#parts;
    if (chain.genesis.shardCount === 1) return null;
    const globalGasLimit = chain.globalGasLimit(parent);
    const context = sectionContext(this.#parts.chain, parent, chunks, terms.coinbase);
    const states = statesAfter(parent, chunks);
    const reduced = globalGasLimit >> BigInt(Math.min(terms.skippedViews, MAX_SECTION_BACKOFF));
    const startMs = clock.monotonicMs();
    const section = await this.#run(parent, context, states, (isCurrent) =>
      executor.buildSection({
        context,
        states,
        candidates: terms.candidates,
        gasTarget: reduced < this.#pace.gas ? reduced : this.#pace.gas,
        firstIsExempt: isForHeavy(context.height, terms.skippedViews),
        isCurrent,
      }),
    );
    this.#pace.measured(section.outcome.gasUsed, clock.monotonicMs() - startMs);
    return section;
  }

  /**
   * Executes the section that a genuine block carries, with these chunks; null with one shard. Whether its header follows
   * the block's tells. Throws `InvalidBlockError`, `SupersededError`, `StoppedError`.
   */
  async check(
    parent: ExecutedBlock,
    block: Block,
    blockHash: Hash,
    chunks: readonly (ExecutedChunk | null)[],
  ): Promise<ExecutedSection | null> {
    const { chain, executor } = this.#parts;
    if (block.section === null) return null;
    const context = sectionContext(chain, parent, chunks, block.header.coinbase);
    const states = statesAfter(parent, chunks);
    const transactions = this.#recovered(block.section, blockHash);
    return this.#run(parent, context, states, (isCurrent) =>
      executor.verifySection({ context, states, transactions, isCurrent }),
    ).catch((error: unknown) => refuse(blockHash, error));
  }

  /** One by one, as they are executed: so recovery has turns of the event loop too, and ends where the section is invalid. */
  *#recovered({ transactions }: Section, blockHash: Hash): Generator<RecoveredTransaction> {
    for (const raw of transactions) yield this.#recover(raw, blockHash);
  }

  #recover(raw: Uint8Array, blockHash: Hash): RecoveredTransaction {
    const { chain } = this.#parts;
    const signed = decodeIncluded(raw, chain.genesis);
    const transaction = chain.knownTransaction(signed.hash) ?? recoverReceived(signed);
    if (transaction === null) {
      throw new InvalidBlockError(blockHash, `transaction ${signed.hash} of its section has no valid signature`);
    }
    return transaction;
  }

  /** Flat state follows the final block: what lies below can't be executed on any more. */
  async #run(
    parent: ExecutedBlock,
    context: SectionContext,
    states: readonly StateSnapshot[],
    execute: (isCurrent: () => boolean) => Promise<SectionResult>,
  ): Promise<ExecutedSection> {
    const { chain, routes } = this.#parts;
    const isCurrent = (): boolean => !this.#stopped && chain.tree.get(parent.hash) !== null;
    const result = isCurrent() ? await execute(isCurrent).catch(staleToNull) : null;
    if (this.#stopped) throw new StoppedError();
    if (result === null || !isCurrent()) throw new SupersededError(parent.hash);
    const { outcome, layers } = result;
    // Conservation (protocol.md, Messages): a wei made or lost is a bug that must not become final.
    assert(sectionSupplyChange(outcome, states) === 0n, `the section at ${context.height} changes the supply`);
    const roots = states.map((state, shard) => layers[shard]?.root ?? state.root);
    routes.learn(outcome.executed, states);
    const header = assembleSectionHeader(context, outcome, roots, null);
    return { header, coinbase: context.coinbase, control: null, outcome, layers };
  }
}

/** Whether a leader takes its first candidate whatever that declares. */
function isForHeavy(height: bigint, skippedViews: number): boolean {
  return height % HEAVY_SECTION_HEIGHTS === 0n && skippedViews <= MAX_HEAVY_SKIPS;
}

/** Everything that the section of a block on `parent` with these chunks is executed in. */
function sectionContext(
  chain: Parts['chain'],
  parent: ExecutedBlock,
  chunks: readonly (ExecutedChunk | null)[],
  coinbase: Address,
): SectionContext {
  const ancestors = new Ancestors(chain.tree, chain.store, parent);
  const fresh = chunks.flatMap((entry) => (entry === null ? [] : [entry.header]));
  return {
    chainId: chain.genesis.chainId,
    height: parent.height + 1n,
    timestamp: blockTimestamp(parent.block.header, fresh),
    coinbase,
    prevRandao: chain.mixAfter(parent),
    parentBeaconBlockRoot: chain.validatorSets.ofGrandchildren(parent).hash,
    gasLimit: chain.globalGasLimit(parent),
    baseFeePerGas: sectionBaseFeeOn(parent),
    ancestor: (height) => ancestors.summary(height),
    chunks: chunks.map((entry, shard) => entry?.header ?? chain.shardTip(parent, shard).header),
  };
}

function staleToNull(error: unknown): null {
  if (error instanceof StaleStateError) return null;
  throw error;
}

/** Errors of execution and decoding condemn the block that carries the section; others are thrown again. */
function refuse(blockHash: Hash, error: unknown): never {
  if (error instanceof InvalidSectionError || error instanceof InvalidTransactionEncodingError) {
    throw new InvalidBlockError(blockHash, error.message);
  }
  throw error;
}
