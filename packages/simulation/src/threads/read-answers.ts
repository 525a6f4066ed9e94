import { decodeDirectoryWord, directorySlot } from '@heddle/sharding';
import type { StateReader } from '@heddle/state';
import { type Address, DIRECTORY_ADDRESS, EMPTY_CODE_HASH, EMPTY_TRIE_ROOT } from '@heddle/types';
import { ownBytes } from '../engine/own-bytes.ts';
import type { Facts } from '../known/known-state.ts';
import type { StateSource } from '../types.ts';
import { MAX_SENT_FACTS } from './limits.ts';
import type { Read, ReadAnswer, ShardRoot } from './protocol.ts';

/** Answers what one worker reads, on the main thread. Each answer is a few reads of state, whatever was asked. */
export class ReadAnswers {
  readonly #source: StateSource;
  /** Accounts by root, and codes by hash, that the worker has been told. */
  readonly #sent: Set<string> = new Set();

  constructor(source: StateSource) {
    this.#source = source;
  }

  /** Throws what the source throws. */
  answer(read: Read): ReadAnswer {
    switch (read.kind) {
      case 'account': {
        const gathered = new GatheredFacts();
        this.#gather(gathered, read.address, read.at, read.others);
        return { kind: 'facts', facts: gathered };
      }
      case 'slot':
        return { kind: 'word', value: this.#open(read.at).storage(read.address, read.slot) };
      case 'code':
        return { kind: 'code', code: ownBytes(this.#open(read.at).code(read.codeHash)) };
      case 'blockHash':
        return { kind: 'blockHash', hash: this.#source.blockHash(read.number) };
    }
  }

  /** What will be asked about `addresses`, each with the place where it is looked for first. Only what has not been told yet. */
  foresee(addresses: ReadonlyMap<Address, ShardRoot>, all: readonly ShardRoot[]): Facts {
    const gathered = new GatheredFacts();
    for (const [address, at] of addresses) {
      if (!this.#sent.has(at.root + address)) this.#gather(gathered, address, at, all);
    }
    return gathered;
  }

  /** The account, with its code; where it is not there, what the directory says, and the account where that says. */
  #gather(gathered: GatheredFacts, address: Address, at: ShardRoot, others: readonly ShardRoot[]): void {
    if (this.#gatherAccount(gathered, address, at) || others.length === 0) return;
    const state = this.#open(at);
    const directory = state.account(DIRECTORY_ADDRESS);
    gathered.accounts.push({ root: at.root, address: DIRECTORY_ADDRESS, account: directory });
    const storageRoot = directory?.storageRoot ?? EMPTY_TRIE_ROOT;
    if (storageRoot === EMPTY_TRIE_ROOT) return;
    const slot = directorySlot(address);
    const value = state.storage(DIRECTORY_ADDRESS, slot);
    gathered.slots.push({ storageRoot, slot, value });
    const shards = others.reduce((most, { shard }) => Math.max(most, shard), at.shard) + 1;
    const residence = decodeDirectoryWord(value, shards);
    const there = others.find(({ shard }) => shard === residence);
    if (there !== undefined) this.#gatherAccount(gathered, address, there);
  }

  /** Whether it is there. */
  #gatherAccount(gathered: GatheredFacts, address: Address, at: ShardRoot): boolean {
    const state = this.#open(at);
    const account = state.account(address);
    gathered.accounts.push({ root: at.root, address, account });
    this.#remember(at.root + address);
    if (account === null) return false;
    const { codeHash } = account;
    if (codeHash !== EMPTY_CODE_HASH && !this.#sent.has(codeHash)) {
      gathered.codes.push({ codeHash, code: ownBytes(state.code(codeHash)) });
      this.#remember(codeHash);
    }
    return true;
  }

  #remember(fact: string): void {
    if (this.#sent.size >= MAX_SENT_FACTS) this.#sent.clear();
    this.#sent.add(fact);
  }

  #open({ shard, root }: ShardRoot): StateReader {
    return this.#source.state(shard, root);
  }
}

class GatheredFacts implements Facts {
  readonly accounts: Facts['accounts'][number][] = [];
  readonly slots: Facts['slots'][number][] = [];
  readonly codes: Facts['codes'][number][] = [];
}
