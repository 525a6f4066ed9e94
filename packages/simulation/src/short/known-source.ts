import { WorkBoundError } from '@heddle/execution';
import { EMPTY_BYTES } from '@heddle/primitives';
import type { Account, StateReader } from '@heddle/state';
import { type Address, EMPTY_CODE_HASH, EMPTY_TRIE_ROOT, type Hash, type ShardId } from '@heddle/types';
import { KnownState } from '../known/known-state.ts';
import type { StateSource } from '../types.ts';
import { MAX_SHORT_BLOCK_HASHES, SHORT_CODE_BYTES, SHORT_STATE_BYTES } from './limits.ts';

/** A source that remembers what was read of it: a root names the same state for ever. */
export class KnownSource implements StateSource {
  readonly #source: StateSource;
  readonly #known = new KnownState(SHORT_STATE_BYTES, SHORT_CODE_BYTES);
  /** What this call has asked for. */
  readonly #blockHashes: Map<bigint, Hash | null> = new Map();

  constructor(source: StateSource) {
    this.#source = source;
  }

  state(shard: ShardId, root: Hash): StateReader {
    return {
      account: (address) => this.#account(shard, root, address),
      storage: (address, slot) => this.#storage(shard, root, address, slot),
      code: (codeHash) => this.#code(shard, root, codeHash),
    };
  }

  /** A new call begins. */
  forgetCall(): void {
    this.#blockHashes.clear();
  }

  /** Throws `WorkBoundError` past `MAX_SHORT_BLOCK_HASHES`: BLOCKHASH is cheap in gas for a read. */
  blockHash(number: bigint): Hash | null {
    const known = this.#blockHashes.get(number);
    if (known !== undefined) return known;
    if (this.#blockHashes.size >= MAX_SHORT_BLOCK_HASHES) throw new WorkBoundError();
    const hash = this.#source.blockHash(number);
    this.#blockHashes.set(number, hash);
    return hash;
  }

  #account(shard: ShardId, root: Hash, address: Address): Account | null {
    const known = this.#known.account(root, address);
    if (known !== undefined) return known;
    const account = this.#source.state(shard, root).account(address);
    this.#known.learnAccount(root, address, account);
    return account;
  }

  #storage(shard: ShardId, root: Hash, address: Address, slot: bigint): bigint {
    const storageRoot = this.#account(shard, root, address)?.storageRoot ?? EMPTY_TRIE_ROOT;
    if (storageRoot === EMPTY_TRIE_ROOT) return 0n;
    const known = this.#known.slot(storageRoot, slot);
    if (known !== undefined) return known;
    const value = this.#source.state(shard, root).storage(address, slot);
    this.#known.learnSlot(storageRoot, slot, value);
    return value;
  }

  #code(shard: ShardId, root: Hash, codeHash: Hash): Uint8Array {
    if (codeHash === EMPTY_CODE_HASH) return EMPTY_BYTES;
    const known = this.#known.code(codeHash);
    if (known !== undefined) return known;
    const code = this.#source.state(shard, root).code(codeHash);
    this.#known.learnCode(codeHash, code);
    return code;
  }
}
