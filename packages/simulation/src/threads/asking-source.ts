import { EMPTY_BYTES, ImpossibleStateError } from '@heddle/primitives';
import type { Account, StateReader } from '@heddle/state';
import { type Address, EMPTY_CODE_HASH, EMPTY_TRIE_ROOT, type Hash, type ShardId } from '@heddle/types';
import { KnownState } from '../known/known-state.ts';
import type { StateSource } from '../types.ts';
import { CODE_CACHE_BYTES, STATE_CACHE_BYTES } from './limits.ts';
import type { Read, ReadAnswer, ShardRoot } from './protocol.ts';

/** Asks the main thread, and waits. Throws what ends the job. */
export type Ask = (read: Read) => ReadAnswer;

/** State as a worker sees it: what it knows, and what it asks for. */
export class AskingSource implements StateSource {
  readonly known: KnownState = new KnownState(STATE_CACHE_BYTES, CODE_CACHE_BYTES);
  readonly #ask: Ask;
  /** Of the states that this job has opened, the newest of each shard. */
  readonly #opened: Map<ShardId, ShardRoot> = new Map();
  readonly #blockHashes: Map<bigint, Hash> = new Map();

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /** A new job begins. */
  forgetJob(): void {
    this.#opened.clear();
    this.#blockHashes.clear();
  }

  state(shard: ShardId, root: Hash): StateReader {
    const at = { shard, root };
    this.#opened.set(shard, at);
    return {
      account: (address) => this.#account(at, address),
      storage: (address, slot) => this.#storage(at, address, slot),
      code: (codeHash) => this.#code(at, codeHash),
    };
  }

  blockHash(number: bigint): Hash | null {
    const known = this.#blockHashes.get(number);
    if (known !== undefined) return known;
    const answer = this.#ask({ kind: 'blockHash', number });
    if (answer.kind !== 'blockHash') throw unexpected(answer);
    if (answer.hash !== null) this.#blockHashes.set(number, answer.hash);
    return answer.hash;
  }

  #account(at: ShardRoot, address: Address): Account | null {
    const known = this.known.account(at.root, address);
    if (known !== undefined) return known;
    const others = [...this.#opened.values()].filter(({ shard }) => shard !== at.shard);
    const answer = this.#ask({ kind: 'account', at, address, others });
    if (answer.kind !== 'facts') throw unexpected(answer);
    this.known.learn(answer.facts);
    const account = this.known.account(at.root, address);
    if (account === undefined)
      throw new ImpossibleStateError(`account ${address} was asked for and is not in the answer`);
    return account;
  }

  #storage(at: ShardRoot, address: Address, slot: bigint): bigint {
    const storageRoot = this.#account(at, address)?.storageRoot ?? EMPTY_TRIE_ROOT;
    if (storageRoot === EMPTY_TRIE_ROOT) return 0n;
    const known = this.known.slot(storageRoot, slot);
    if (known !== undefined) return known;
    const answer = this.#ask({ kind: 'slot', at, address, slot });
    if (answer.kind !== 'word') throw unexpected(answer);
    this.known.learnSlot(storageRoot, slot, answer.value);
    return answer.value;
  }

  #code(at: ShardRoot, codeHash: Hash): Uint8Array {
    if (codeHash === EMPTY_CODE_HASH) return EMPTY_BYTES;
    const known = this.known.code(codeHash);
    if (known !== undefined) return known;
    const answer = this.#ask({ kind: 'code', at, codeHash });
    if (answer.kind !== 'code') throw unexpected(answer);
    this.known.learnCode(codeHash, answer.code);
    return answer.code;
  }
}

function unexpected({ kind }: ReadAnswer): ImpossibleStateError {
  return new ImpossibleStateError(`a read was answered with ${kind}`);
}
