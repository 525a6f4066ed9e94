import { ImpossibleStateError } from '@heddle/primitives';
import type { Random } from '@heddle/runtime';
import {
  createLayer,
  genesisLayer,
  type StateChanges,
  type StateLayer,
  type StateReader,
  type StateSnapshot,
} from '@heddle/state';
import type { FinalBlockWrite, FinalChunk, GenesisWrite, ShardUpdate } from '@heddle/storage';
import { testAddress, testBlock, testSection } from '@heddle/storage/conformance';
import {
  type Address,
  EMPTY_CODE_HASH,
  type Hash,
  hashBlockHeader,
  hashChunkHeader,
  NO_CONTROL,
  type ShardId,
  ZERO_HASH,
} from '@heddle/types';

const ACCOUNTS = 9;
const SLOTS = 24;

type Accounts = Map<Address, { nonce: bigint; balance: bigint; codeHash: Hash } | null>;

const below = (random: Random, end: number): number => Math.floor(random.next() * end);

/** Few values, so that tries go back to what they were, and accounts come to hold the same storage. */
function randomSlots(random: Random): Map<bigint, bigint> {
  if (below(random, 4) === 0) return new Map(Array.from({ length: SLOTS }, (_, slot) => [BigInt(slot), 7n]));
  if (below(random, 6) === 0) return new Map(Array.from({ length: SLOTS }, (_, slot) => [BigInt(slot), 0n]));
  const writes = Array.from({ length: below(random, 5) }, (): [bigint, bigint] => [
    BigInt(below(random, SLOTS)),
    // Long values, so that nodes are not all embedded in their parents.
    [0n, 7n, 2n ** 250n + 1n][below(random, 3)] ?? 0n,
  ]);
  return new Map(writes);
}

function randomChanges(random: Random, state: StateReader, shard: ShardId): StateChanges {
  const accounts: Accounts = new Map();
  const storage = new Map<Address, Map<bigint, bigint>>();
  for (let left = below(random, 4); left >= 0; left--) {
    const address = testAddress(shard, below(random, ACCOUNTS));
    const isThere = state.account(address) !== null;
    accounts.delete(address);
    storage.delete(address);
    const kind = below(random, 5);
    if (kind === 0) {
      accounts.set(address, null);
      continue;
    }
    if (kind > 2 || !isThere) {
      accounts.set(address, { nonce: 1n, balance: BigInt(below(random, 2)), codeHash: EMPTY_CODE_HASH });
    }
    storage.set(address, randomSlots(random));
  }
  return { accounts, storage, codes: new Map() };
}

function updateOf(shard: ShardId, { changes, storageRoots, nodes, tries }: StateLayer): ShardUpdate {
  return { shard, changes, storageRoots, nodes, tries };
}

/** All that a state holds, apart from any trie. */
export type Contents = ReadonlyMap<Address, { readonly balance: bigint; readonly slots: ReadonlyMap<bigint, bigint> }>;

function contentsAfter(before: Contents, changes: StateChanges): Contents {
  const after = new Map(before);
  for (const [address, fields] of changes.accounts) {
    if (fields === null) after.delete(address);
    else after.set(address, { balance: fields.balance, slots: after.get(address)?.slots ?? new Map() });
  }
  for (const [address, written] of changes.storage) {
    const account = after.get(address);
    if (account === undefined) continue;
    const slots = new Map(account.slots);
    for (const [slot, value] of written) {
      if (value === 0n) slots.delete(slot);
      else slots.set(slot, value);
    }
    after.set(address, { ...account, slots });
  }
  return after;
}

interface Tip {
  readonly root: Hash;
  readonly contents: Contents;
}

/** A chain of blocks whose chunks and sections change the state at random, with what each of its states holds. */
export class StateChain {
  readonly genesis: GenesisWrite;
  /** The genesis state of each shard, in memory. */
  readonly layers: readonly StateSnapshot[];
  /** By root. */
  readonly contents: Map<Hash, Contents> = new Map();
  readonly #random: Random;
  readonly #shardCount: number;
  #tips: Tip[];
  #parentHash: Hash;
  #height = 0n;

  constructor(random: Random, shardCount: number) {
    this.#random = random;
    this.#shardCount = shardCount;
    const nothing = { account: () => null, storage: () => 0n, code: () => new Uint8Array(0) };
    const layers = Array.from({ length: shardCount }, (_, shard) =>
      genesisLayer(randomChanges(random, nothing, shard)),
    );
    this.layers = layers;
    this.#tips = layers.map(({ root, changes }) => this.#tip(root, contentsAfter(new Map(), changes)));
    const block = testBlock(0n, ZERO_HASH, this.#roots(), this.#section());
    this.#parentHash = hashBlockHeader(block.header);
    const shards = layers.map((layer, shard) => updateOf(shard, layer));
    this.genesis = { block, blockHash: this.#parentHash, genesisJson: `{"shards":${shardCount}}`, shards };
  }

  /** The next block; `parentOf` opens the state of a shard after the last one, which has this root. */
  next(parentOf: (shard: ShardId, root: Hash) => StateSnapshot): FinalBlockWrite & { readonly tips: StateSnapshot[] } {
    this.#height++;
    const states = this.#tips.map(({ root }, shard) => parentOf(shard, root));
    const chunks = this.#change(states, 0.8);
    const chunkRoots = this.#roots();
    const updates = this.#shardCount === 1 ? [] : this.#change(states, 0.5);
    const block = testBlock(this.#height, this.#parentHash, chunkRoots, this.#section());
    const blockHash = hashBlockHeader(block.header);
    this.#parentHash = blockHash;
    const written = chunks.map((update): FinalChunk => {
      const header = block.chunks[update.shard]?.header;
      if (header === undefined) throw new ImpossibleStateError('a block has a header for every shard');
      return { chunkHash: hashChunkHeader(header), ...EMPTY_CHUNK, ...update };
    });
    const section = this.#shardCount === 1 ? null : { executed: [], updates, burned: 0n, minted: 0n };
    return {
      block,
      blockHash,
      finalization: null,
      chunks: written,
      section,
      accessLists: [],
      named: null,
      control: NO_CONTROL,
      derived: null,
      tips: states,
    };
  }

  /** Puts a new layer on some of `states`. */
  #change(states: StateSnapshot[], share: number): readonly ShardUpdate[] {
    return states.flatMap((state, shard) => {
      if (this.#random.next() > share) return [];
      const layer = createLayer(state, randomChanges(this.#random, state, shard));
      states[shard] = layer;
      this.#tips[shard] = this.#tip(layer.root, contentsAfter(this.#tips[shard]?.contents ?? new Map(), layer.changes));
      return [updateOf(shard, layer)];
    });
  }

  #tip(root: Hash, contents: Contents): Tip {
    this.contents.set(root, contents);
    return { root, contents };
  }

  #roots(): readonly Hash[] {
    return this.#tips.map(({ root }) => root);
  }

  #section(): ReturnType<typeof testSection> | null {
    return this.#shardCount === 1 ? null : testSection(this.#roots(), []);
  }
}

const EMPTY_CHUNK = {
  chunk: null,
  executed: [],
  dispatched: [],
  delivered: [],
  outbox: [],
  burned: 0n,
  minted: 0n,
} as const;
