import { bytesToBigint, encodeUint } from '@heddle/primitives';
import { type Account, Arena, decodeAccount, encodeAccount, type StateBackend, type StateUpdate } from '@heddle/state';
import { type Address, EMPTY_TRIE_ROOT, type Hash, type ShardId } from '@heddle/types';
import { ByteCache } from './byte-cache.ts';
import type { Database } from './database.ts';
import { accountStateKey, codeStateKey, nodeStateKey, slotStateKey, slotsRange } from './keys.ts';
import { CACHED_ACCOUNT_BYTES, CACHED_ENTRY_BYTES } from './limits.ts';
import type { BatchOperation } from './medium.ts';
import { NodeCache } from './node-cache.ts';
import type { StateCacheBytes } from './state-caches.ts';

/** Final state of one shard in the database. */
export class ShardState implements StateBackend {
  readonly #database: Database;
  readonly #shard: ShardId;
  readonly #nodes: NodeCache;
  /** Accounts of the newest final state; null = there is none. They change in the moment in which readers see that state. */
  readonly #accounts: ByteCache<Account | null>;
  readonly #codes: ByteCache<Uint8Array>;

  constructor(database: Database, shard: ShardId, cacheBytes: StateCacheBytes) {
    this.#database = database;
    this.#shard = shard;
    this.#nodes = new NodeCache(cacheBytes.nodes);
    this.#accounts = new ByteCache(cacheBytes.accounts, () => CACHED_ACCOUNT_BYTES);
    this.#codes = new ByteCache(cacheBytes.codes, (code) => CACHED_ENTRY_BYTES + code.length);
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

  node(hash: Uint8Array): Uint8Array | undefined {
    const cached = this.#nodes.get(hash);
    if (cached !== undefined) return cached;
    const value = this.#database.get(nodeStateKey(this.#shard, hash));
    if (value === undefined) return undefined;
    this.#nodes.add(hash, value);
    return this.#nodes.get(hash);
  }

  nodeAtHand(hash: Uint8Array): Uint8Array | undefined {
    return this.#nodes.get(hash);
  }

  /**
   * To be called in the very moment in which readers see `update`, which is then final: it is what the caches hold from
   * here on. New nodes are kept at hand, as the next block's update starts from them.
   */
  remember({ changes, storageRoots, nodes }: StateUpdate): void {
    for (const { hash, rlp } of nodes) this.#nodes.add(hash, rlp);
    for (const [address, fields] of changes.accounts) if (fields === null) this.#accounts.set(address, null);
    for (const [address, storageRoot] of storageRoots) {
      const fields = changes.accounts.get(address) ?? this.#accounts.get(address);
      if (fields === undefined || fields === null) continue;
      const { nonce, balance, codeHash } = fields;
      this.#accounts.set(address, { nonce, balance, codeHash, storageRoot });
    }
  }

  /** What makes `update` this shard's final state. Updates come in chain order. */
  async operations(update: StateUpdate): Promise<readonly BatchOperation[]> {
    const operations: BatchOperation[] = [];
    const { changes } = update;
    const arena = new Arena();
    for (const [address, fields] of changes.accounts) {
      if (fields === null) operations.push(...(await this.#deletion(address)));
    }
    for (const [address, storageRoot] of update.storageRoots) {
      const fields = changes.accounts.get(address) ?? this.flatAccount(address);
      if (fields === null) continue;
      const { nonce, balance, codeHash } = fields;
      const value = encodeAccount({ nonce, balance, codeHash, storageRoot }, arena);
      operations.push({ type: 'put', key: accountStateKey(this.#shard, address), value });
    }
    for (const [address, slots] of changes.storage) {
      if (changes.accounts.get(address) === null) continue;
      for (const [slot, value] of slots) operations.push(this.#slotOperation(address, slot, value));
    }
    for (const { hash, rlp } of update.nodes) {
      operations.push({ type: 'put', key: nodeStateKey(this.#shard, hash), value: rlp });
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
