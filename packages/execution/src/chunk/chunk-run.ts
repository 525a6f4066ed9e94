import { ImpossibleStateError } from '@heddle/primitives';
import { messageId, type ShardRules, type StorageWrite } from '@heddle/sharding';
import type { StateReader } from '@heddle/state';
import type { Address, Hash, Message, RecoveredTransaction, ShardId, UnsequencedMessage } from '@heddle/types';
import { type HashObserver, type TouchGuard, World } from '../world/world.ts';
import { localGuard } from './local-guard.ts';
import type { ChunkContext, ExecutedTransaction } from './types.ts';

/** A chunk in the making: the state so far and everything it has produced. Belongs to one call, never shared. */
export interface ChunkRun {
  readonly context: ChunkContext;
  readonly rules: ShardRules;
  readonly world: World;
  /** The local rule, for transactions and deliveries; null with one shard. */
  readonly guard: TouchGuard | null;
  readonly included: RecoveredTransaction[];
  readonly executed: ExecutedTransaction[];
  readonly dispatched: RecoveredTransaction[];
  readonly delivered: Message[];
  readonly emitted: UnsequencedMessage[];
  /** Access-list index in use. */
  index: number;
  /** Sum of the receipts' gas so far. */
  cumulativeGas: bigint;
  /**
   * Gas of the chunk's limit that is taken, which is what its header says: what transactions used here, all that
   * dispatched ones declare, and what deliveries took of their budget.
   */
  gasTaken: bigint;
  /** Weight of the Calls that the chunk sends, by destination. */
  readonly sentWeight: Map<ShardId, bigint>;
  /** Wei that ceased to exist. */
  burned: bigint;
  /** Tips that are not credited yet: of a coinbase that lives elsewhere (the section does), or of a lane. */
  tips: bigint;
  /** False in a lane: a tip is a commutative delta, which the commit credits. */
  readonly creditsTips: boolean;
}

/** A chunk and the rules that it is under. */
export interface ChunkTask {
  readonly context: ChunkContext;
  readonly rules: ShardRules;
}

/** Where in a chunk a run starts, and as what. */
export interface RunStart {
  /** Access-list index. */
  readonly index: number;
  readonly creditsTips: boolean;
  /** Null when nobody learns from it. */
  readonly hashObserver: HashObserver | null;
}

/** A chunk from its beginning, on the state of its parent. */
export const CHUNK_START: RunStart = startAt(0);

/** The work of `index + 1`, and of nothing before it, on what the chunk sees there. */
export function startAt(index: number): RunStart {
  return { index, creditsTips: true, hashObserver: null };
}

/** Starts a run on `state`, which is what the chunk sees at `start.index`. */
export function openRun(task: ChunkTask, state: StateReader, start: RunStart): ChunkRun {
  const { context, rules } = task;
  if (context.shard !== rules.shard || context.shardCount !== rules.shardCount) {
    throw new ImpossibleStateError(`rules of shard ${rules.shard}/${rules.shardCount} for a chunk of ${context.shard}`);
  }
  const world = new World(state, start.hashObserver);
  world.beginIndex(start.index);
  return {
    context,
    rules,
    world,
    guard: localGuard(rules, world.unrecorded),
    included: [],
    executed: [],
    dispatched: [],
    delivered: [],
    emitted: [],
    index: start.index,
    cumulativeGas: 0n,
    gasTaken: 0n,
    sentWeight: new Map(),
    burned: 0n,
    tips: 0n,
    creditsTips: start.creditsTips,
  };
}

/** Moves on to the next access-list index. */
export function nextIndex(run: ChunkRun): void {
  run.index += 1;
  run.world.beginIndex(run.index);
}

/** Whether the account's state is on this shard. Reads the directory unrecorded. */
export function isLocal(run: ChunkRun, address: Address): boolean {
  return run.rules.residence(run.world.unrecorded, address) === run.context.shard;
}

/** Writes words that a rule asks for. */
export function applyWrites(run: ChunkRun, writes: readonly StorageWrite[]): void {
  for (const { address, slot, value } of writes) run.world.setStorage(address, slot, value);
}

/** What a message says of its cause. `nextId` numbers what one cause sends. */
export interface Cause {
  readonly originTx: Hash;
  readonly sender: Address;
  nextId(): Hash;
}

/** `cause` is a transaction's hash or the id of a delivered message. */
export function causeOf(cause: Hash, originTx: Hash, sender: Address): Cause {
  let ordinal = 0;
  return {
    originTx,
    sender,
    nextId: () => {
      const id = messageId(cause, ordinal);
      ordinal += 1;
      return id;
    },
  };
}
