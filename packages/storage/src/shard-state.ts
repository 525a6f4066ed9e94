import { BoundedCache, bytesToBigint, encodeUint } from '@heddle/primitives';
import { type Account, decodeAccount, encodeAccount, type StateBackend, type StateUpdate } from '@heddle/state';
import { type Address, EMPTY_TRIE_ROOT, type Hash, type ShardId } from '@heddle/types';
import type { BatchOperation, Database } from './database.ts';
import { accountStateKey, codeStateKey, nodeStateKey, slotStateKey, slotsRange } from './keys.ts';
import { CACHED_CODES, CACHED_TRIE_NODES } from './limits.ts';

/** The bytes on their own, as a plain array: decoders keep views into them. */
function plain(bytes: Uint8Array): Uint8Array {
  return bytes.constructor === Uint8Array ? bytes : new Uint8Array(bytes);
}

/** Final state of one shard in the database. */
export class ShardState implements StateBackend {
  readonly #database: Database;
  readonly #shard: ShardId;
  readonly #nodes = new BoundedCache<Uint8Array>(CACHED_TRIE_NODES);
  readonly #codes = new BoundedCache<Uint8Array>(CACHED_CODES);

  constructor(database: Database, shard: ShardId) {
    this.#database = database;
    this.#shard = shard;
  }

  flatAccount(address: Address): Account | null {
    const value = this.#database.get(accountStateKey(this.#shard, address));
    return value === undefined ? null : decodeAccount(value);
  }

  flatStorage(address: Address, slot: bigint): bigint {
    const value = this.#database.get(slotStateKey(this.#shard, address, slot));
    return value === undefined ? 0n : bytesToBigint(value);
  }

  code(codeHash: Hash): Uint8Array | undefined {
    return this.#immutable(this.#codes, codeHash, codeStateKey);
  }

  node(hash: Hash): Uint8Array | undefined {
    return this.#immutable(this.#nodes, hash, nodeStateKey);
  }

  #immutable(
    cache: BoundedCache<Uint8Array>,
    hash: Hash,
    keyOf: (shard: ShardId, hash: Hash) => Uint8Array,
  ): Uint8Array | undefined {
    const cached = cache.get(hash);
    if (cached !== undefined) return cached;
    const value = this.#database.get(keyOf(this.#shard, hash));
    if (value === undefined) return undefined;
    const bytes = plain(value);
    cache.set(hash, bytes);
    return bytes;
  }

  /** Keeps new nodes at hand: the next block's update starts from them. */
  remember(nodes: ReadonlyMap<Hash, Uint8Array>): void {
    for (const [hash, node] of nodes) this.#nodes.set(hash, node);
  }

  /** What makes `update` this shard's final state. Updates come in chain order. */
  async operations(update: StateUpdate): Promise<readonly BatchOperation[]> {
    const operations: BatchOperation[] = [];
    const { changes } = update;
    for (const [address, fields] of changes.accounts) {
      if (fields === null) operations.push(...(await this.#deletion(address)));
    }
    for (const [address, storageRoot] of update.storageRoots) {
      const fields = changes.accounts.get(address) ?? this.flatAccount(address);
      if (fields === null) continue;
      const { nonce, balance, codeHash } = fields;
      const value = encodeAccount({ nonce, balance, codeHash, storageRoot });
      operations.push({ type: 'put', key: accountStateKey(this.#shard, address), value });
    }
    for (const [address, slots] of changes.storage) {
      if (changes.accounts.get(address) === null) continue;
      for (const [slot, value] of slots) operations.push(this.#slotOperation(address, slot, value));
    }
    for (const [hash, node] of update.nodes) {
      operations.push({ type: 'put', key: nodeStateKey(this.#shard, hash), value: node });
    }
    for (const [hash, code] of changes.codes) {
      operations.push({ type: 'put', key: codeStateKey(this.#shard, hash), value: code });
    }
    return operations;
  }

  #slotOperation(address: Address, slot: bigint, value: bigint): BatchOperation {
    const key = slotStateKey(this.#shard, address, slot);
    return value === 0n ? { type: 'del', key } : { type: 'put', key, value: encodeUint(value) };
  }

  async #deletion(address: Address): Promise<readonly BatchOperation[]> {
    const account = this.flatAccount(address);
    if (account === null) return [];
    const operations: BatchOperation[] = [{ type: 'del', key: accountStateKey(this.#shard, address) }];
    if (account.storageRoot === EMPTY_TRIE_ROOT) return operations;
    for (const [key] of await this.#database.entries(slotsRange(this.#shard, address))) {
      operations.push({ type: 'del', key });
    }
    return operations;
  }
}
