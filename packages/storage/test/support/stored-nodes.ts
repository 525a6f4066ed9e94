import { deepStrictEqual } from 'node:assert/strict';
import { bytesToHex, hexToBytes } from '@heddle/primitives';
import { hashedChildren, openHistoricState, type StateBackend, type TrieOwner } from '@heddle/state';
import type { ChainStore, KeyValueStore, Medium } from '@heddle/storage';
import { EMPTY_TRIE_ROOT, type Hash, type ShardId, stateRootsOf } from '@heddle/types';
import { tableRange } from '../../src/keys.ts';
import type { Contents } from './state-chain.ts';

/** A medium that lets a test see the key-value store that is open. */
export class SeenMedium implements Medium {
  readonly #medium: Medium;
  #store: KeyValueStore | null = null;

  constructor(medium: Medium) {
    this.#medium = medium;
  }

  get name(): string {
    return this.#medium.name;
  }

  get disk(): Medium['disk'] {
    return this.#medium.disk;
  }

  randomBytes(length: number): Uint8Array {
    return this.#medium.randomBytes(length);
  }

  async openKeyValue(...parameters: Parameters<Medium['openKeyValue']>): Promise<KeyValueStore> {
    this.#store = await this.#medium.openKeyValue(...parameters);
    return this.#store;
  }

  /** Every trie node that is stored, as `nameOf` names it, sorted. */
  async nodes(): Promise<readonly string[]> {
    const found: string[] = [];
    for (const [table, ownerBytes] of [
      ['node', 0],
      ['storageNode', 20],
    ] as const) {
      for (const [key] of (await this.#store?.entries(tableRange(table))) ?? []) {
        const owner = ownerBytes === 0 ? null : bytesToHex(key.subarray(2, 2 + ownerBytes));
        found.push(nameOf(key[1] ?? 0, owner, key.subarray(2 + ownerBytes)));
      }
    }
    return found.sort();
  }
}

function nameOf(shard: ShardId, owner: TrieOwner, hash: Uint8Array): string {
  return `${shard} ${owner ?? 'accounts'} ${bytesToHex(hash)}`;
}

/** Adds every node of one trie to `seen`. */
function walk(backend: StateBackend, shard: ShardId, owner: TrieOwner, root: Hash, seen: Set<string>): void {
  if (root === EMPTY_TRIE_ROOT) return;
  const waiting = [hexToBytes(root)];
  for (let hash = waiting.pop(); hash !== undefined; hash = waiting.pop()) {
    const name = nameOf(shard, owner, hash);
    if (seen.has(name)) continue;
    seen.add(name);
    const rlp = backend.node(owner, hash);
    if (rlp === undefined) throw new Error(`node ${name} is missing`);
    waiting.push(...hashedChildren(rlp));
  }
}

/** Reads a whole state through its tries, compares it with what it should hold, and adds its nodes to `seen`. */
function checkState(backend: StateBackend, shard: ShardId, root: Hash, contents: Contents, seen: Set<string>): void {
  const historic = openHistoricState(backend, root);
  walk(backend, shard, null, root, seen);
  for (const [address, { balance, slots }] of contents) {
    const account = historic.account(address);
    deepStrictEqual(account?.balance, balance);
    walk(backend, shard, address, account?.storageRoot ?? EMPTY_TRIE_ROOT, seen);
    for (let slot = 0n; slot < 24n; slot++) deepStrictEqual(historic.storage(address, slot), slots.get(slot) ?? 0n);
  }
}

/** Every state that the store says to have is there as a whole. Gives the names of all their nodes, sorted. */
export function checkKeptStates(store: ChainStore, contents: ReadonlyMap<Hash, Contents>): readonly string[] {
  const seen = new Set<string>();
  const { oldest, newest } = store.stateHistory();
  for (let number = oldest; number <= newest; number++) {
    const block = store.blockByNumber(number);
    if (block === null) throw new Error(`block ${number} is missing`);
    const roots = [block.chunks.map(({ header }) => header.stateRoot), stateRootsOf(block)];
    for (const [shard, root] of roots.flatMap((list) => [...list.entries()])) {
      checkState(store.state(shard), shard, root, contents.get(root) ?? new Map(), seen);
    }
  }
  return [...seen].sort();
}
