import { assert, BoundedCache, bytesToBigint, bytesToHex } from '@heddle/primitives';
import type { StateBackend, StateHistory } from '@heddle/state';
import {
  type Block,
  type BlockAccessList,
  type Chunk,
  type ControlState,
  decodeBlock,
  decodeCertificate,
  decodeChunk,
  decodeControlState,
  decodeMessage,
  derivedBlock,
  encodeBlock,
  encodeChunk,
  type Hash,
  hashBlockHeader,
  lastDerived,
  MAX_SHARDS,
  type Message,
  NO_CONTROL,
  type ShardId,
  type TupleCertificate,
  type Validator,
} from '@heddle/types';
import { ByteCache } from './byte-cache.ts';
import {
  decodeAccessLists,
  decodeCount,
  decodeExecutions,
  decodeLocation,
  decodeMessageRecord,
  decodeQuantity,
  decodeValidators,
} from './codecs.ts';
import type { Database } from './database.ts';
import { DerivedBlocks } from './derived-blocks.ts';
import { CorruptRecordError, OutOfOrderCommitError, type StorageDamagedError } from './errors.ts';
import { finalBlockOperations, stateUpdatesOf } from './final-block.ts';
import {
  accessListsKey,
  blockKey,
  blockNumberKey,
  chunkKey,
  epochFinalizationKey,
  executionsKey,
  locationKey,
  messageRange,
  metaKey,
  namedValidatorsKey,
  originRange,
  tableRange,
  unfinalBlockKey,
  unfinalChunkKey,
} from './keys.ts';
import { CACHED_BLOCK_BYTES, CACHED_ENTRY_BYTES, CACHED_EXECUTIONS, CACHED_HEADER_BYTES } from './limits.ts';
import { PendingQueues } from './pending-queues.ts';
import { dumpChain } from './rewind/chain-image.ts';
import { dropUnneeded } from './rewind/rewind-chain.ts';
import { isAboveSnapshot, readRewindRecord, rewindRecordOperations } from './rewind/rewind-record.ts';
import { undoOperations } from './rewind/undo-log.ts';
import { ShardState } from './shard-state.ts';
import { type StateCacheBytes, shareOf } from './state-caches.ts';
import { sectionVersion } from './state-versions.ts';
import { StateWindow } from './state-window.ts';
import { SyncWriter } from './sync-writer.ts';
import type {
  ChainStore,
  FinalBlockWrite,
  HeldChain,
  MessageRecord,
  RewindRecord,
  ShardUpdate,
  StoredExecution,
  TransactionLocation,
} from './types.ts';
import { Unfinal } from './unfinal.ts';

type Executions = readonly (readonly StoredExecution[])[];

interface HashedBlock {
  readonly block: Block;
  readonly hash: Hash;
}

/** What is kept in memory and changes with every final block. */
interface Head extends HashedBlock {
  readonly finalization: TupleCertificate | null;
  /** Wei. */
  readonly burned: bigint;
  readonly minted: bigint;
  readonly control: ControlState;
}

const NOTHING = (): void => {};

function readMeta(database: Database, name: 'head' | 'burned' | 'shards'): Uint8Array {
  const value = database.get(metaKey(name));
  if (value === undefined) throw database.damaged(`'${name}' is missing`);
  return value;
}

function readBlock(database: Database, hash: Hash): Block {
  const number = database.get(blockNumberKey(hash));
  const value = number === undefined ? undefined : database.get(blockKey(bytesToBigint(number)));
  if (value === undefined) throw database.damaged(`block ${hash} is missing`);
  return decodeBlock(value);
}

function readFinalization(database: Database, key: Uint8Array): TupleCertificate | null {
  const stored = database.get(key);
  const finalization = stored === undefined ? null : decodeCertificate(stored);
  if (finalization !== null && finalization.kind === 'nullify') throw new CorruptRecordError('finalization');
  return finalization;
}

function readHead(database: Database): Head {
  const hash = bytesToHex(readMeta(database, 'head'));
  const finalization = readFinalization(database, metaKey('finalization'));
  const burned = decodeQuantity(readMeta(database, 'burned'));
  const minted = database.get(metaKey('minted'));
  const control = database.get(metaKey('control'));
  return {
    block: readBlock(database, hash),
    hash,
    finalization,
    burned,
    minted: minted === undefined ? 0n : decodeQuantity(minted),
    control: control === undefined ? NO_CONTROL : decodeControlState(control),
  };
}

/** A section's transactions are there twice: in the block, and in its encoding, which is remembered with it. */
function cachedBytesOf({ block: { chunks, section } }: HashedBlock): number {
  const transactions = section === null ? [] : section.transactions;
  const sectionBytes = transactions.reduce((sum, { length }) => sum + 2 * length + CACHED_ENTRY_BYTES, 0);
  return CACHED_HEADER_BYTES * (1 + chunks.length) + sectionBytes;
}

/** The chain store on an initialized level database. */
export class LevelChainStore implements ChainStore {
  readonly #database: Database;
  readonly #derived: DerivedBlocks;
  readonly #shardCount: number;
  readonly #states: readonly ShardState[];
  readonly #pending: PendingQueues;
  readonly #unfinal = new Unfinal();
  readonly #syncWriter: SyncWriter;
  readonly #blocks = new ByteCache<HashedBlock>(CACHED_BLOCK_BYTES, cachedBytesOf);
  readonly #window: StateWindow;
  readonly #executions = new BoundedCache<Executions>(CACHED_EXECUTIONS);
  #head: Head;
  /** The commit that runs, or the last one, or who holds them up: they wait for one another. */
  #turn: Promise<unknown> = Promise.resolve();
  /** What the last commit has left behind being deleted: the next one waits for it, and fails if it has. */
  #pruning: Promise<void> = Promise.resolve();

  #rewinds: RewindRecord;

  private constructor(
    database: Database,
    derived: DerivedBlocks,
    cacheBytes: StateCacheBytes,
    keptBlocks: number | null,
    rewinds: RewindRecord,
  ) {
    this.#database = database;
    this.#derived = derived;
    this.#shardCount = decodeCount(readMeta(database, 'shards'), MAX_SHARDS);
    this.#head = readHead(database);
    const each = shareOf(cacheBytes, this.#shardCount);
    const version = sectionVersion(this.#head.block.header.number);
    this.#states = Array.from(
      { length: this.#shardCount },
      (_, shard) => new ShardState(database, shard, each, version),
    );
    this.#window = new StateWindow(database, this.#states, keptBlocks);
    this.#pending = new PendingQueues(this.#shardCount);
    this.#syncWriter = new SyncWriter(database);
    this.#rewinds = rewinds;
  }

  /** Reads back what is kept in memory. The shards share `cacheBytes`; `keptBlocks`: see `StateHistory`. */
  static async load(
    database: Database,
    cacheBytes: StateCacheBytes,
    keptBlocks: number | null,
  ): Promise<LevelChainStore> {
    const rewinds = await readRewindRecord(database);
    const derived = await DerivedBlocks.load(database);
    const store = new LevelChainStore(database, derived, cacheBytes, keptBlocks, rewinds);
    const pending = await database.entries(tableRange('pending'));
    store.#pending.apply(
      [],
      pending.map(([, value]) => decodeMessage(value)),
    );
    for (const [key, value] of await database.entries(tableRange('unfinalBlock'))) {
      store.#unfinal.blocks.set(bytesToHex(key.subarray(1)), decodeBlock(value));
    }
    for (const [key, value] of await database.entries(tableRange('unfinalChunk'))) {
      store.#unfinal.chunks.set(bytesToHex(key.subarray(1)), decodeChunk(value));
    }
    // What a kill has left of it.
    store.#prune(0);
    return store;
  }

  head(): HashedBlock {
    return this.#head;
  }

  bestFinalization(): TupleCertificate | null {
    return this.#head.finalization;
  }

  finalizationOf(epoch: bigint): TupleCertificate | null {
    return readFinalization(this.#database, epochFinalizationKey(epoch));
  }

  burned(): bigint {
    return this.#head.burned;
  }

  minted(): bigint {
    return this.#head.minted;
  }

  control(): ControlState {
    return this.#head.control;
  }

  commit(write: FinalBlockWrite, applied: () => void = NOTHING): Promise<void> {
    return this.#inTurn(async () => {
      await this.#pruning;
      await this.#commit(write, applied);
    });
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const run = this.#turn.then(work);
    this.#turn = run.catch(NOTHING);
    return run;
  }

  async #commit(write: FinalBlockWrite, applied: () => void): Promise<void> {
    this.#assertNext(write);
    const { block, blockHash, chunks, section, control, derived } = write;
    const minted = this.#head.minted + (section?.minted ?? 0n);
    const burned = chunks.reduce((sum, chunk) => sum + chunk.burned, this.#head.burned + (section?.burned ?? 0n));
    const superseded = this.#unfinal.upTo(block.header.number);
    const updates = stateUpdatesOf(write, this.#shardCount);
    const before = this.#head.control;
    const context = {
      database: this.#database,
      states: this.#states,
      updates,
      burned,
      minted,
      control: before,
      superseded,
    };
    const operations = await finalBlockOperations(context, write);
    const { number } = block.header;
    const isPinned = isAboveSnapshot(this.#rewinds, number);
    const all = [...operations, ...this.#window.operations(number, isPinned)];
    const undo = isPinned ? await undoOperations(this.#database, number, all) : [];
    await this.#database.writeUnseen([...all, ...undo], () => {
      const finalization = write.finalization ?? this.#head.finalization;
      this.#head = { block, hash: blockHash, finalization, burned, minted, control };
      if (derived !== null) this.#derived.add(derived);
      this.#pending.apply(
        chunks.flatMap(({ delivered }) => delivered),
        chunks.flatMap(({ outbox }) => outbox),
      );
      this.#unfinal.forget(superseded);
      for (const [shard, own] of updates.entries()) for (const update of own) this.#states[shard]?.remember(update);
      this.#window.moveTo(number, isPinned);
      this.#blocks.set(number.toString(), this.#head);
      applied();
    });
    this.#prune(updates.flat().reduce((sum, { tries }) => sum + tries.removedCount, 0));
  }

  /** Goes on behind what runs here; the next commit tells what goes wrong. */
  #prune(removed: number): void {
    if (isAboveSnapshot(this.#rewinds, this.#head.block.header.number)) return;
    this.#pruning = this.#window.prune(removed);
    this.#pruning.catch(NOTHING);
  }

  #assertNext({ block, blockHash, chunks, section, derived }: FinalBlockWrite): void {
    const { number, parentHash } = block.header;
    assert(blockHash === hashBlockHeader(block.header), 'a block is committed under its own hash');
    const head = this.#head.block.header.number;
    const below = derived === null ? head : head + BigInt(derived.hashes.length);
    if (number !== below + 1n) throw new OutOfOrderCommitError(head, number, 'it is not the next height');
    const parent = derived === null ? this.#head.hash : lastDerived(derived).hash;
    const first = derived === null ? parentHash : derived.first.parentHash;
    if (parentHash !== parent || (derived !== null && first !== this.#head.hash)) {
      throw new OutOfOrderCommitError(head, number, 'its parent is another block');
    }
    this.#assertOrder(chunks);
    for (const { shard, delivered } of chunks) {
      assert(this.#pending.hasFront(shard, delivered), 'a chunk delivers messages that wait for its shard');
    }
    assert(section !== null || this.#shardCount === 1, 'a block of several shards has a section');
    assert((section === null) === (block.section === null), 'a section is written as the block has it');
    if (section !== null) this.#assertOrder(section.updates);
  }

  #assertOrder(updates: readonly ShardUpdate[]): void {
    let before = -1;
    for (const { shard } of updates) {
      assert(shard > before && shard < this.#shardCount, 'updates come in shard order, each shard at most once');
      before = shard;
    }
  }

  blockByNumber(number: bigint): Block | null {
    return this.#hashedBlock(number)?.block ?? null;
  }

  blockHashByNumber(number: bigint): Hash | null {
    return this.#hashedBlock(number)?.hash ?? null;
  }

  blockByHash(hash: Hash): Block | null {
    const number = this.#database.get(blockNumberKey(hash));
    return number === undefined ? null : this.blockByNumber(bytesToBigint(number));
  }

  #hashedBlock(number: bigint): HashedBlock | null {
    if (number < 0n || number > this.#head.block.header.number) return null;
    const name = number.toString();
    const cached = this.#blocks.get(name);
    if (cached !== undefined) return cached;
    const read = this.#derivedBlock(number) ?? this.#decidedBlock(number);
    this.#blocks.set(name, read);
    return read;
  }

  #decidedBlock(number: bigint): HashedBlock {
    const value = this.#database.get(blockKey(number));
    if (value === undefined) throw this.#database.damaged(`block ${number} is missing`);
    const block = decodeBlock(value);
    return { block, hash: hashBlockHeader(block.header) };
  }

  #derivedBlock(number: bigint): HashedBlock | null {
    const derived = this.#derived.at(number, (below) => this.#decidedBlock(below).block);
    if (derived === null) return null;
    return { block: derivedBlock(derived.parent, derived.header), hash: derived.hash };
  }

  executions(number: bigint): Executions {
    const name = number.toString();
    const cached = this.#executions.get(name);
    if (cached !== undefined) return cached;
    const isFinal = number >= 0n && number <= this.#head.block.header.number;
    const parts = this.#shardCount === 1 ? 1 : this.#shardCount + 1;
    const lists = Array.from({ length: parts }, (_, part) => {
      const value = isFinal ? this.#database.get(executionsKey(number, part)) : undefined;
      return value === undefined ? [] : decodeExecutions(value);
    });
    if (isFinal) this.#executions.set(name, lists);
    return lists;
  }

  accessLists(number: bigint): readonly BlockAccessList[] {
    if (number > this.#head.block.header.number) return [];
    const value = this.#database.get(accessListsKey(number));
    return value === undefined ? [] : decodeAccessLists(value);
  }

  transactionLocation(hash: Hash): TransactionLocation | null {
    const value = this.#database.get(locationKey(hash));
    return value === undefined ? null : decodeLocation(value);
  }

  async messagesOf(originTx: Hash): Promise<readonly MessageRecord[]> {
    const head = this.#head.block.header.number;
    const listed = await this.#database.entries(originRange(originTx, head));
    return listed.map(([, key]) => {
      const value = this.#database.get(key);
      if (value === undefined) throw this.#database.damaged(`a message of transaction ${originTx} is missing`);
      return decodeMessageRecord(value);
    });
  }

  async messagesById(id: Hash): Promise<readonly MessageRecord[]> {
    const found = await this.#database.entries(messageRange(id, this.#head.block.header.number));
    return found.map(([, value]) => decodeMessageRecord(value));
  }

  pendingMessages(shard: ShardId): readonly Message[] {
    return this.#pending.of(shard);
  }

  state(shard: ShardId): StateBackend {
    const state = this.#states[shard];
    assert(state !== undefined, `shard ${shard} exists`);
    return state;
  }

  stateHistory(): StateHistory {
    return this.#window.at(this.#head.block.header.number);
  }

  namedValidators(period: bigint): readonly Validator[] | null {
    const value = this.#database.get(namedValidatorsKey(period));
    return value === undefined ? null : decodeValidators(value);
  }

  chunk(hash: Hash): Chunk | null {
    const unfinal = this.#unfinal.chunks.get(hash);
    if (unfinal !== undefined) return unfinal;
    const value = this.#database.get(chunkKey(hash));
    return value === undefined ? null : decodeChunk(value);
  }

  async putChunk(hash: Hash, chunk: Chunk): Promise<void> {
    await this.#syncWriter.write({ type: 'put', key: unfinalChunkKey(hash), value: encodeChunk(chunk) });
    this.#unfinal.chunks.set(hash, chunk);
  }

  async putBlock(hash: Hash, block: Block): Promise<void> {
    await this.#syncWriter.write({ type: 'put', key: unfinalBlockKey(hash), value: encodeBlock(block) });
    this.#unfinal.blocks.set(hash, block);
  }

  unfinalBlock(hash: Hash): Block | null {
    return this.#unfinal.blocks.get(hash) ?? null;
  }

  unfinalBlocks(): readonly HashedBlock[] {
    return [...this.#unfinal.blocks].map(([hash, block]) => ({ hash, block }));
  }

  rewindRecord(): RewindRecord {
    return this.#rewinds;
  }

  holdCommits(): Promise<HeldChain> {
    return new Promise((resolve) => {
      const held = (release: () => void): HeldChain => ({
        setRewindRecord: (record) => this.#setRewindRecord(record),
        dump: () => this.#dump(),
        release,
      });
      void this.#inTurn(() => new Promise<void>((release) => resolve(held(release))));
    });
  }

  async #setRewindRecord(record: RewindRecord): Promise<void> {
    await this.#database.write(rewindRecordOperations(this.#rewinds, record), true);
    this.#rewinds = record;
    await dropUnneeded(this.#database, record, this.#head.block.header.number);
  }

  async #dump(): Promise<Uint8Array> {
    await this.#pruning;
    const genesisHash = this.blockHashByNumber(0n);
    assert(genesisHash !== null, 'a chain has its genesis block');
    return dumpChain(this.#database, genesisHash);
  }

  onDamage(listener: (error: StorageDamagedError) => void): void {
    this.#database.onDamage(listener);
  }

  async close(): Promise<void> {
    await this.#turn;
    await this.#pruning.catch(NOTHING);
    await this.#syncWriter.settle();
    await this.#database.close();
  }
}
