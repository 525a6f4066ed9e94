import { bytesToBigint, encodeUint } from '@heddle/primitives';
import {
  type Account,
  Arena,
  decodeAccount,
  encodeAccount,
  type StateBackend,
  type StateUpdate,
  type TrieDeltas,
  type TrieOwner,
} from '@heddle/state';
import { type Address, EMPTY_TRIE_ROOT, type Hash, type ShardId } from '@heddle/types';
import { ByteCache } from './byte-cache.ts';
import type { Database } from './database.ts';
import { accountStateKey, codeStateKey, nodeStateKey, removedKey, slotStateKey, slotsRange } from './keys.ts';
import { CACHED_ACCOUNT_BYTES, CACHED_ENTRY_BYTES } from './limits.ts';
import type { BatchOperation } from './medium.ts';
import { NodeCache } from './node-cache.ts';
import { RecentBirths } from './recent-births.ts';
import { encodeRemoved, type RemovedNodes } from './removed-nodes.ts';
import { SealedPut } from './sealed-value.ts';
import type { StateCacheBytes } from './state-caches.ts';
import { nodeIn, stampNode, versionIn } from './state-versions.ts';

/** An update with the version of the state that it makes. */
export interface VersionedUpdate extends StateUpdate {
  readonly version: bigint;
}

/** Layers keep their parts in accessors of their class, so they are not copied as a whole. */
export function versioned({ changes, storageRoots, nodes, tries }: StateUpdate, version: bigint): VersionedUpdate {
  return { changes, storageRoots, nodes, tries, version };
}

type AccountFields = Omit<Account, 'storageRoot'>;

/** What the newest of `updates` that sets the account makes of it, null if it is deleted; undefined when none sets it. */
function fieldsIn(updates: readonly StateUpdate[], address: Address): AccountFields | null | undefined {
  return updates.findLast(({ changes }) => changes.accounts.has(address))?.changes.accounts.get(address);
}

/** Every slot of the account that one of `updates` writes. */
function slotsIn(updates: readonly StateUpdate[], address: Address): readonly bigint[] {
  return updates.flatMap(({ changes }) => [...(changes.storage.get(address)?.keys() ?? [])]);
}

interface Bulk {
  readonly shard: ShardId;
  readonly version: bigint;
  readonly operations: readonly BatchOperation[];
}

/** By what an update makes of the tries: copies of a layer share it, so their validators share this. */
const bulks = new WeakMap<TrieDeltas, Bulk>();

/** The greater part of an update's operations, which follows from it alone: slots, nodes, codes. */
function bulkOf(shard: ShardId, update: VersionedUpdate): readonly BatchOperation[] {
  const { tries, version } = update;
  const known = bulks.get(tries);
  if (known !== undefined && known.shard === shard && known.version === version) return known.operations;
  const operations = [...slotOperations(shard, update), ...nodeOperations(shard, update)];
  for (const [hash, code] of update.changes.codes) operations.push(new SealedPut(codeStateKey(shard, hash), code));
  bulks.set(tries, { shard, version, operations });
  return operations;
}

function* slotOperations(shard: ShardId, { changes }: VersionedUpdate): Generator<BatchOperation> {
  for (const [address, slots] of changes.storage) {
    if (changes.accounts.get(address) === null) continue;
    for (const [slot, value] of slots) {
      const key = slotStateKey(shard, address, slot);
      yield value === 0n ? { type: 'del', key } : new SealedPut(key, encodeUint(value));
    }
  }
}

/** A node that the trie had before, and has again, is written again: with the new version. */
function* nodeOperations(shard: ShardId, { tries, version }: VersionedUpdate): Generator<BatchOperation> {
  for (const { owner, added } of tries) {
    for (const { hash, rlp } of added) {
      yield new SealedPut(nodeStateKey(shard, owner, hash), stampNode(rlp, version));
    }
  }
  for (const [piece, value] of encodeRemoved(tries).entries()) {
    yield new SealedPut(removedKey({ version, shard, piece }), value);
  }
}

/** Final state of one shard in the database. */
export class ShardState implements StateBackend {
  readonly #database: Database;
  readonly #shard: ShardId;
  readonly #nodes: NodeCache;
  /** Accounts of the newest final state; null = there is none. They change in the moment in which readers see that state. */
  readonly #accounts: ByteCache<Account | null>;
  readonly #codes: ByteCache<Uint8Array>;
  readonly #births: RecentBirths;

  /** `version`: the newest of what is in the database. */
  constructor(database: Database, shard: ShardId, cacheBytes: StateCacheBytes, version: bigint) {
    this.#database = database;
    this.#shard = shard;
    this.#nodes = new NodeCache(cacheBytes.nodes);
    this.#accounts = new ByteCache(cacheBytes.accounts, () => CACHED_ACCOUNT_BYTES);
    this.#codes = new ByteCache(cacheBytes.codes, (code) => CACHED_ENTRY_BYTES + code.length);
    this.#births = new RecentBirths(cacheBytes.births, version);
  }

  flatAccount(address: Address): Account | null {
    const cached = this.#accounts.get(address);
    if (cached !== undefined) return cached;
    const value = this.#database.get(accountStateKey(this.#shard, address));
    const account = value === undefined ? null : decodeAccount(value);
    this.#accounts.set(address, account);
    return account;
  }

  flatStorage(address: Address, slot: bigint): bigint {
    const value = this.#database.get(slotStateKey(this.#shard, address, slot));
    return value === undefined ? 0n : bytesToBigint(value);
  }

  code(codeHash: Hash): Uint8Array | undefined {
    const cached = this.#codes.get(codeHash);
    if (cached !== undefined) return cached;
    const value = this.#database.get(codeStateKey(this.#shard, codeHash));
    if (value === undefined) return undefined;
    // On its own and a plain array, however the database gave it.
    const code = new Uint8Array(value);
    this.#codes.set(codeHash, code);
    return code;
  }

  node(owner: TrieOwner, hash: Uint8Array): Uint8Array | undefined {
    const cached = this.#nodes.get(hash);
    if (cached !== undefined) return cached;
    const value = this.#database.get(nodeStateKey(this.#shard, owner, hash));
    if (value === undefined) return undefined;
    this.#nodes.add(hash, nodeIn(value));
    return this.#nodes.get(hash);
  }

  nodeAtHand(hash: Uint8Array): Uint8Array | undefined {
    return this.#nodes.get(hash);
  }

  /**
   * To be called in the very moment in which readers see `update`, which is then final: it is what the caches hold from
   * here on. New nodes are kept at hand, as the next block's update starts from them.
   */
  remember({ changes, storageRoots, nodes, version }: VersionedUpdate): void {
    for (const { hash, rlp } of nodes) {
      this.#nodes.add(hash, rlp);
      this.#births.add(hash, version);
    }
    for (const [address, fields] of changes.accounts) if (fields === null) this.#accounts.set(address, null);
    for (const [address, storageRoot] of storageRoots) {
      const fields = changes.accounts.get(address) ?? this.#accounts.get(address);
      if (fields === undefined || fields === null) continue;
      const { nonce, balance, codeHash } = fields;
      this.#accounts.set(address, { nonce, balance, codeHash, storageRoot });
    }
  }

  /**
   * What makes `updates`, one after the other, this shard's final state, for one batch: as if each had one of its own.
   * Updates come in chain order.
   */
  async operations(updates: readonly VersionedUpdate[]): Promise<readonly BatchOperation[]> {
    const operations: BatchOperation[] = [];
    for (const [index, update] of updates.entries()) {
      const own = await this.#operations(update, updates.slice(0, index));
      for (const operation of own) operations.push(operation);
    }
    return operations;
  }

  /** Of one update; those before it in the batch are `unwritten`: the database does not show them yet. */
  async #operations(update: VersionedUpdate, unwritten: readonly StateUpdate[]): Promise<readonly BatchOperation[]> {
    const operations: BatchOperation[] = [];
    const { changes } = update;
    const all = [...unwritten, update];
    const arena = new Arena();
    for (const [address, fields] of changes.accounts) {
      if (fields !== null) continue;
      for (const key of await this.#keysOf(address, unwritten)) operations.push({ type: 'del', key });
    }
    for (const [address, storageRoot] of update.storageRoots) {
      const made = fieldsIn(all, address);
      const fields = made === undefined ? this.flatAccount(address) : made;
      if (fields === null) continue;
      const { nonce, balance, codeHash } = fields;
      const value = encodeAccount({ nonce, balance, codeHash, storageRoot }, arena);
      operations.push({ type: 'put', key: accountStateKey(this.#shard, address), value });
    }
    for (const operation of bulkOf(this.#shard, update)) operations.push(operation);
    return operations;
  }

  /** Deletes those of the nodes that `version` removed which have not come back since. Throws as `Database.getMany`. */
  async deletions(version: bigint, removed: readonly RemovedNodes[]): Promise<readonly BatchOperation[]> {
    const operations: BatchOperation[] = [];
    const doubtful: Uint8Array[] = [];
    for (const { owner, hashes } of removed) {
      for (const hash of hashes) {
        const key = nodeStateKey(this.#shard, owner, hash);
        if (this.#births.mayHave(hash, version)) doubtful.push(key);
        else operations.push({ type: 'del', key });
      }
    }
    if (doubtful.length === 0) return operations;
    const values = await this.#database.getMany(doubtful);
    for (const [index, key] of doubtful.entries()) {
      const value = values[index];
      if (value !== undefined && versionIn(value) < version) operations.push({ type: 'del', key });
    }
    return operations;
  }

  /** All keys that an account has in the database, or will have when what is unwritten is written. */
  async #keysOf(address: Address, unwritten: readonly StateUpdate[]): Promise<readonly Uint8Array[]> {
    const account = this.flatAccount(address);
    const isThere = account !== null || fieldsIn(unwritten, address) !== undefined;
    const keys = isThere ? [accountStateKey(this.#shard, address)] : [];
    for (const slot of slotsIn(unwritten, address)) keys.push(slotStateKey(this.#shard, address, slot));
    if (account === null || account.storageRoot === EMPTY_TRIE_ROOT) return keys;
    for (const [key] of await this.#database.entries(slotsRange(this.#shard, address))) keys.push(key);
    return keys;
  }
}
