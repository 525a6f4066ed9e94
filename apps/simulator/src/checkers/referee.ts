import {
  type AncestorBlock,
  assembleBlockHeader,
  assembleChunkHeader,
  assembleSectionHeader,
  blockTimestamp,
  type ChunkContext,
  type ChunkOutcome,
  chunkRoots,
  executeChunk,
  executeControlChunk,
  executeControlSection,
  executeSection,
  mixRandao,
  type SectionContext,
  type SectionOutcome,
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
  type Address,
  type Block,
  type ChunkHeader,
  type ControlPart,
  type ControlState,
  type Hash,
  hashBlockHeader,
  hashChunkHeader,
  type Message,
  NO_CONTROL,
  type SectionHeader,
  type ShardId,
  ZERO_ADDRESS,
} from '@heddle/types';
import type { SimulatedGenesis } from '../world/genesis.ts';
import {
  controlBehind,
  type Fees,
  feesOn,
  forgottenIn,
  type Ground,
  minedBy,
  type RunGround,
  refusalOf,
  rootlessIn,
  runOn,
  unseenIn,
  weiOf,
  withSetFee,
} from './control-reckoning.ts';

/** Roots of the last heights that the chunks of a control block write (EIP-4788). */
const REMEMBERED_ROOTS = 256;

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
  readonly coinbase: Address;
  readonly layers: readonly (StateLayer | null)[];
}

/** What a block is by the referee's reckoning. */
export interface Reckoning {
  /** Of the whole block. */
  readonly hash: Hash;
  /** By shard; a missing one's is its last. */
  readonly chunks: readonly ChunkHeader[];
  /** Null with one shard. */
  readonly section: SectionHeader | null;
  /** After the block, by shard. */
  readonly roots: readonly Hash[];
  /** What it leaves for blocks to come. */
  readonly control: ControlState;
}

/** A height as what stands there sees it. */
interface Place {
  readonly height: bigint;
  /** Right below. */
  readonly ground: Ground;
  readonly prevRandao: Hash;
  readonly fees: Fees;
}

/**
 * Executes every final block once more, on states of its own: chunks on what the block before left, then the section on what
 * these leave. Transactions, control parts, and what producers and leaders choose, are the block's; everything else it
 * knows by itself.
 */
export class Referee {
  readonly #genesis: SimulatedGenesis['genesis'];
  /** By height; derived blocks of runs among them. */
  readonly #blocks: Ground[];
  /** The last one that was decided on. */
  #last: Block;
  #shards: readonly Shard[];
  #control: ControlState = NO_CONTROL;

  constructor({ built }: SimulatedGenesis) {
    const { block, blockHash, shards } = built.write;
    this.#genesis = built.genesis;
    this.#blocks = [{ header: block.header, hash: blockHash }];
    this.#last = block;
    this.#shards = shards.map((update, shard): Shard => {
      const backend = createMemoryBackend();
      backend.apply(update);
      const header = at(block.chunks, shard).header;
      return { backend, root: header.stateRoot, header, queue: [] };
    });
  }

  /** Why the block may not follow the last one, whatever it does; null: it may. */
  refusalOf({ block }: ExecutedBlock): string | null {
    const part = block.section?.control ?? null;
    return part === null ? null : refusalOf(part, this.#runGround());
  }

  /** The block after the last one. Throws what execution throws of what is invalid. */
  execute(executed: ExecutedBlock): Reckoning {
    const part = executed.block.section?.control ?? null;
    if (part !== null) return this.#executeControl(executed, part);
    const place = this.#nextPlace();
    const chunks = executed.shards.map((_, shard) => this.#chunk(executed, shard, place));
    const headers = this.#shards.map(({ header }, shard) => chunks[shard]?.header ?? header);
    const states = this.#shards.map((_, shard) => chunks[shard]?.layer ?? this.#state(shard));
    const section = this.#section(executed, headers, states, place);
    return this.#advance(executed, place, chunks, section);
  }

  /**
   * What the last control block changes, as the states show it that `after` has by shard; null: everything. Asked for
   * before the block is executed here.
   */
  unseen({ block, section }: ExecutedBlock, after: readonly StateSnapshot[]): string | null {
    const operations = block.section?.control?.operations ?? [];
    const { minted, burned } = weiOf(
      operations,
      this.#shards.map((_, shard) => this.#state(shard)),
    );
    if (
      operations.length > 0 &&
      section !== null &&
      (section.outcome.minted !== minted || section.outcome.burned !== burned)
    )
      return `${minted} wei made and ${burned} taken`;
    return unseenIn(operations, after);
  }

  /**
   * A height whose parent's hash some shard's state does not have after the last block, a control block, or whose root,
   * where it is of the last `count` blocks; null: all are there.
   */
  forgotten(from: bigint, count: number): bigint | null {
    const { number } = this.#ground().header;
    const newest = this.#blocks.slice(-Math.min(count, REMEMBERED_ROOTS)).map(({ header }) => header);
    const missing = this.#shards.map((_, shard) => {
      const state = this.#state(shard);
      const hashAt = (height: bigint): Hash | null => this.#blocks[Number(height)]?.hash ?? null;
      return forgottenIn(state, number, from, hashAt) ?? rootlessIn(state, newest);
    });
    return missing.find((height) => height !== null) ?? null;
  }

  #executeControl(executed: ExecutedBlock, part: ControlPart): Reckoning {
    const ground = this.#runGround();
    const run = minedBy(part);
    const below = this.#ground();
    const { derived, fees } =
      run === null ? { derived: [], fees: feesOn(ground.chunks, ground.section) } : runOn(ground, run);
    const timestamp = run === null ? below.header.timestamp : run.firstTimestamp + run.interval * (run.count - 1n);
    this.#blocks.push(...derived);
    const { prevRandao } = run === null ? { prevRandao: this.#mix() } : ground;
    const place: Place = { height: this.#height(), ground: this.#ground(), prevRandao, fees };
    const chunks = this.#shards.map((_, shard) => this.#controlChunk(executed.block, shard, place, timestamp));
    const headers = chunks.map(({ header }) => header);
    const states = chunks.map(({ layer }) => layer);
    const context = { ...this.#sectionContext(executed.block, headers, place), timestamp, coinbase: ZERO_ADDRESS };
    const outcome = executeControlSection(context, states, part.operations);
    return this.#advance(executed, place, chunks, sectionOf(context, outcome, states, part));
  }

  #chunk({ block, shards }: ExecutedBlock, shard: ShardId, place: Place): Chunk | null {
    const given = shards[shard]?.executed ?? null;
    if (given === null) return null;
    const { shardCount } = this.#genesis;
    const context = this.#chunkContext(block, given.header, place);
    const state = this.#state(shard);
    const rules = createShardRules({ shard, shardCount });
    const outcome = executeChunk(context, state, rules, given.outcome.included);
    return chunkOf(context, outcome, state, given.header.producer);
  }

  #controlChunk(made: Block, shard: ShardId, place: Place, timestamp: bigint): Chunk {
    const context = this.#chunkContext(made, { shard, timestamp, coinbase: ZERO_ADDRESS }, place);
    const state = this.#state(shard);
    const rules = createShardRules({ shard, shardCount: this.#genesis.shardCount });
    return chunkOf(context, executeControlChunk(context, state, rules), state, 0);
  }

  #section(
    { block, section }: ExecutedBlock,
    headers: readonly ChunkHeader[],
    states: readonly StateSnapshot[],
    place: Place,
  ): Section | null {
    if (section === null) return null;
    const context = this.#sectionContext(block, headers, place);
    const transactions = section.outcome.executed.map(({ transaction }) => transaction);
    return sectionOf(context, executeSection(context, states, transactions), states, null);
  }

  #advance(
    { block }: ExecutedBlock,
    { ground, prevRandao }: Place,
    chunks: readonly (Chunk | null)[],
    section: Section | null,
  ): Reckoning {
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
    const headers = this.#shards.map(({ header }) => header);
    const header = assembleBlockHeader({
      ...block,
      parent: ground.header,
      prevRandao,
      parentBeaconBlockRoot: block.header.parentBeaconBlockRoot,
      chunks: block.chunks.map(({ certificate }, shard) => ({ header: at(headers, shard), certificate })),
      section,
      gasLimit: this.#control.gasLimit,
    });
    const hash = hashBlockHeader(header);
    this.#control = controlBehind(this.#control, block.section?.control ?? null);
    this.#blocks.push({ header, hash });
    this.#last = block;
    const roots = this.#shards.map(({ root }) => root);
    return { hash, chunks: headers, section: section?.header ?? null, roots, control: this.#control };
  }

  /** Right on top of the last block, for one without a control part. */
  #nextPlace(): Place {
    const { chunks, section, prevRandao } = this.#runGround();
    const fees = withSetFee(feesOn(chunks, section), this.#control, section !== null);
    return { height: this.#height(), ground: this.#ground(), prevRandao, fees };
  }

  #chunkContext(
    made: Block,
    { shard, timestamp, coinbase }: Pick<ChunkHeader, 'shard' | 'timestamp' | 'coinbase'>,
    place: Place,
  ): ChunkContext {
    const headers = this.#shards.map(({ header }) => header);
    const parentChunk = at(headers, shard);
    return {
      ...this.#blockContext(made, place),
      shard,
      shardCount: this.#genesis.shardCount,
      timestamp,
      coinbase,
      parentBlockHash: place.ground.hash,
      parentChunk,
      parentChunkHash: hashChunkHeader(parentChunk),
      gasLimit: this.#control.gasLimit ?? this.#genesis.chunkGasLimit,
      baseFees: place.fees.chunks,
      allowances: sendAllowances({ shard, height: place.height }, headers),
      dispatch: this.#genesis.dispatch,
      queue: at(this.#shards, shard).queue,
    };
  }

  #sectionContext(made: Block, chunks: readonly ChunkHeader[], place: Place): SectionContext {
    const fresh = chunks.filter(({ height }) => height === place.height);
    return {
      ...this.#blockContext(made, place),
      timestamp: blockTimestamp(place.ground.header, fresh),
      coinbase: made.header.coinbase,
      gasLimit: this.#control.gasLimit ?? this.#genesis.globalGasLimit,
      baseFeePerGas: place.fees.section,
      chunks,
    };
  }

  /** What chunks and section have in common. Validator sets are `sets-are-named`'s. */
  #blockContext(
    { header }: Block,
    { height, prevRandao }: Place,
  ): Pick<SectionContext, 'chainId' | 'height' | 'prevRandao' | 'parentBeaconBlockRoot' | 'ancestor'> {
    return {
      chainId: this.#genesis.chainId,
      height,
      prevRandao,
      parentBeaconBlockRoot: header.parentBeaconBlockRoot,
      ancestor: (number) => this.#ancestor(number),
    };
  }

  #runGround(): RunGround {
    return {
      genesis: this.#genesis,
      control: this.#control,
      below: this.#ground(),
      chunks: this.#shards.map(({ header }) => header),
      // With one shard only control blocks have a section, and no fee comes of it.
      section: this.#genesis.shardCount === 1 ? null : (this.#last.section?.header ?? null),
      prevRandao: this.#control.nextPrevRandao ?? this.#mix(),
    };
  }

  /** By the rules. */
  #mix(): Hash {
    return mixRandao(this.#last.header.mixHash, this.#last.randaoReveal);
  }

  #ancestor(height: bigint): AncestorBlock | null {
    const found = this.#blocks[Number(height)];
    if (found === undefined) return null;
    const { timestamp, parentBeaconBlockRoot } = found.header;
    return { hash: found.hash, timestamp, parentBeaconBlockRoot };
  }

  #ground(): Ground {
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

function chunkOf(context: ChunkContext, outcome: ChunkOutcome, state: StateSnapshot, producer: number): Chunk {
  const layer = createLayer(state, outcome.changes);
  const roots = chunkRoots(outcome, context.shardCount);
  return { header: assembleChunkHeader(context, outcome, roots, layer.root, producer), outcome, layer };
}

function sectionOf(
  context: SectionContext,
  outcome: SectionOutcome,
  states: readonly StateSnapshot[],
  control: ControlPart | null,
): Section {
  const layers = states.map((state, shard) => {
    const changes = at(outcome.changes, shard);
    return changes.accounts.size === 0 ? null : createLayer(state, changes);
  });
  const roots = states.map(({ root }, shard) => layers[shard]?.root ?? root);
  const header = assembleSectionHeader(context, outcome, roots, control);
  return { header, coinbase: context.coinbase, layers };
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new ImpossibleStateError(`there is no item ${index} of ${items.length}`);
  return item;
}
