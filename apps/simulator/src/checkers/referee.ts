import {
  type AncestorBlock,
  assembleChunkHeader,
  assembleSectionHeader,
  blockTimestamp,
  type ChunkContext,
  type ChunkOutcome,
  chunkRoots,
  executeChunk,
  executeSection,
  mixRandao,
  nextBaseFee,
  type SectionContext,
  sectionBaseFee,
  sendAllowances,
} from '@heddle/execution';
import type { ExecutedBlock } from '@heddle/node';
import { ImpossibleStateError } from '@heddle/primitives';
import { createShardRules, extendQueue, messagesTo } from '@heddle/sharding';
import {
  createLayer,
  createMemoryBackend,
  type MemoryBackend,
  openState,
  type StateLayer,
  type StateSnapshot,
} from '@heddle/state';
import {
  type Block,
  type ChunkHeader,
  type Hash,
  hashChunkHeader,
  type Message,
  type SectionHeader,
  type ShardId,
} from '@heddle/types';
import type { SimulatedGenesis } from '../world/genesis.ts';

/** One shard as the referee has it after a block. */
interface Shard {
  readonly backend: MemoryBackend;
  readonly root: Hash;
  /** Of its last chunk. */
  readonly header: ChunkHeader;
  readonly queue: readonly Message[];
}

interface Chunk {
  readonly header: ChunkHeader;
  readonly outcome: ChunkOutcome;
  readonly layer: StateLayer;
}

interface Section {
  readonly header: SectionHeader;
  readonly layers: readonly (StateLayer | null)[];
}

/** What a block is by the referee's reckoning. */
export interface Reckoning {
  /** By shard; a missing one's is its last. */
  readonly chunks: readonly ChunkHeader[];
  /** Null with one shard. */
  readonly section: SectionHeader | null;
  /** After the block, by shard. */
  readonly roots: readonly Hash[];
}

/**
 * Executes every final block once more, on states of its own: chunks on what the block before left, then the section on what
 * these leave. Transactions, and what producers and leaders choose, are the block's; everything else it knows by itself.
 */
export class Referee {
  readonly #genesis: SimulatedGenesis['genesis'];
  readonly #blocks: { readonly block: Block; readonly hash: Hash }[];
  #shards: readonly Shard[];

  constructor({ built }: SimulatedGenesis) {
    const { block, blockHash, shards } = built.write;
    this.#genesis = built.genesis;
    this.#blocks = [{ block, hash: blockHash }];
    this.#shards = shards.map((update, shard): Shard => {
      const backend = createMemoryBackend();
      backend.apply(update);
      const header = at(block.chunks, shard).header;
      return { backend, root: header.stateRoot, header, queue: [] };
    });
  }

  /** The block after the last one. Throws what execution throws of what is invalid. */
  execute(executed: ExecutedBlock): Reckoning {
    const chunks = executed.shards.map((_, shard) => this.#chunk(executed, shard));
    const headers = this.#shards.map(({ header }, shard) => chunks[shard]?.header ?? header);
    const states = this.#shards.map((_, shard) => chunks[shard]?.layer ?? this.#state(shard));
    const section = this.#section(executed, headers, states);
    this.#advance(chunks, section);
    this.#blocks.push({ block: executed.block, hash: executed.hash });
    const roots = this.#shards.map(({ root }) => root);
    return { chunks: headers, section: section?.header ?? null, roots };
  }

  #chunk({ block, shards }: ExecutedBlock, shard: ShardId): Chunk | null {
    const given = shards[shard]?.executed ?? null;
    if (given === null) return null;
    const { shardCount } = this.#genesis;
    const context = this.#chunkContext(block, given.header);
    const state = this.#state(shard);
    const rules = createShardRules({ shard, shardCount });
    const outcome = executeChunk(context, state, rules, given.outcome.included);
    const layer = createLayer(state, outcome.changes);
    const roots = chunkRoots(outcome, shardCount);
    return { header: assembleChunkHeader(context, outcome, roots, layer.root, given.header.producer), outcome, layer };
  }

  #section(
    { block, section }: ExecutedBlock,
    headers: readonly ChunkHeader[],
    states: readonly StateSnapshot[],
  ): Section | null {
    if (section === null) return null;
    const context = this.#sectionContext(block, headers);
    const transactions = section.outcome.executed.map(({ transaction }) => transaction);
    const outcome = executeSection(context, states, transactions);
    const layers = states.map((state, shard) => {
      const changes = at(outcome.changes, shard);
      return changes.accounts.size === 0 ? null : createLayer(state, changes);
    });
    const roots = states.map(({ root }, shard) => layers[shard]?.root ?? root);
    return { header: assembleSectionHeader(context, outcome, roots, null), layers };
  }

  #advance(chunks: readonly (Chunk | null)[], section: Section | null): void {
    const emitted = chunks.flatMap((chunk) => chunk?.outcome.outbox ?? []);
    this.#shards = this.#shards.map(({ backend, root, header, queue }, shard): Shard => {
      const chunk = chunks[shard] ?? null;
      const layers = [chunk?.layer, section?.layers[shard]].flatMap((layer) => layer ?? []);
      for (const layer of layers) backend.apply(layer);
      return {
        backend,
        root: layers.at(-1)?.root ?? root,
        header: chunk?.header ?? header,
        queue: extendQueue(queue, chunk?.outcome.delivered ?? [], messagesTo(emitted, shard)),
      };
    });
  }

  #chunkContext(made: Block, { shard, timestamp, coinbase }: ChunkHeader): ChunkContext {
    const headers = this.#shards.map(({ header }) => header);
    const parentChunk = at(headers, shard);
    return {
      ...this.#blockContext(made),
      shard,
      shardCount: this.#genesis.shardCount,
      timestamp,
      coinbase,
      parentBlockHash: this.#parent().hash,
      parentChunk,
      parentChunkHash: hashChunkHeader(parentChunk),
      gasLimit: this.#genesis.chunkGasLimit,
      baseFees: headers.map(nextBaseFee),
      allowances: sendAllowances({ shard, height: this.#height() }, headers),
      dispatch: this.#genesis.dispatch,
      queue: at(this.#shards, shard).queue,
    };
  }

  #sectionContext(made: Block, chunks: readonly ChunkHeader[]): SectionContext {
    const { block } = this.#parent();
    if (block.section === null)
      throw new ImpossibleStateError('a network of several shards has sections from the start');
    const fresh = chunks.filter(({ height }) => height === this.#height());
    return {
      ...this.#blockContext(made),
      timestamp: blockTimestamp(block.header, fresh),
      coinbase: made.header.coinbase,
      gasLimit: this.#genesis.globalGasLimit,
      baseFeePerGas: sectionBaseFee(block.section.header),
      chunks,
    };
  }

  /** What chunks and section have in common. Validator sets are `sets-are-named`'s. */
  #blockContext({
    header,
  }: Block): Pick<SectionContext, 'chainId' | 'height' | 'prevRandao' | 'parentBeaconBlockRoot' | 'ancestor'> {
    const { block } = this.#parent();
    return {
      chainId: this.#genesis.chainId,
      height: this.#height(),
      prevRandao: mixRandao(block.header.mixHash, block.randaoReveal),
      parentBeaconBlockRoot: header.parentBeaconBlockRoot,
      ancestor: (height) => this.#ancestor(height),
    };
  }

  #ancestor(height: bigint): AncestorBlock | null {
    const found = this.#blocks[Number(height)];
    if (found === undefined) return null;
    const { timestamp, parentBeaconBlockRoot } = found.block.header;
    return { hash: found.hash, timestamp, parentBeaconBlockRoot };
  }

  #parent(): { readonly block: Block; readonly hash: Hash } {
    return at(this.#blocks, this.#blocks.length - 1);
  }

  #height(): bigint {
    return BigInt(this.#blocks.length);
  }

  #state(shard: ShardId): StateSnapshot {
    const { backend, root } = at(this.#shards, shard);
    return openState(backend, root);
  }
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new ImpossibleStateError(`there is no item ${index} of ${items.length}`);
  return item;
}
