/**
 * The states of all shards: the newest with its tries from root to leaf, which hold exactly what the flat tables say; of
 * the older ones that are kept the roots, and below each stored node its children.
 */
import { bytesToBigint, bytesToHex, concatBytes, equalBytes, hexToBytes, keccak256 } from '@heddle/primitives';
import {
  accountKey,
  decodeAccount,
  encodeSlotValue,
  hashedChildren,
  slotKey,
  type TrieOwner,
  walkTrie,
} from '@heddle/state';
import {
  type Address,
  type Block,
  EMPTY_CODE_HASH,
  EMPTY_TRIE_ROOT,
  type Hash,
  type ShardId,
  stateRootsOf,
} from '@heddle/types';
import { codeStateKey, nodeStateKey, shardRange, slotsRange, tableRange } from '../keys.ts';
import { nodeIn } from '../state-versions.ts';
import { type ExaminedChain, entriesOf } from './examined-chain.ts';

const ADDRESS_BYTES = 20;
const MODULUS = 1n << 256n;

export interface ExaminedState {
  readonly accounts: number;
  readonly slots: number;
  readonly nodes: number;
}

/** `isSettled`: nothing waits to be deleted, so that each stored node is of a kept state. */
export async function examineState(
  chain: ExaminedChain,
  recent: ReadonlyMap<bigint, Block>,
  isSettled: boolean,
): Promise<ExaminedState> {
  const head = recent.get(chain.height);
  let accounts = 0;
  let slots = 0;
  for (const [shard, root] of (head === undefined ? [] : stateRootsOf(head)).entries()) {
    const found = await examineNewest(chain, shard, root);
    accounts += found.accounts;
    slots += found.slots;
  }
  examineRoots(chain, recent);
  return { accounts, slots, nodes: await examineNodes(chain, isSettled) };
}

/** Of each kept state the root is there; what lies below follows node by node. */
function examineRoots({ database, damages }: ExaminedChain, recent: ReadonlyMap<bigint, Block>): void {
  for (const [number, block] of recent) {
    // Before the section of genesis there is no state of its chunks.
    const roots =
      number === 0n ? [stateRootsOf(block)] : [block.chunks.map(({ header }) => header.stateRoot), stateRootsOf(block)];
    for (const [shard, root] of roots.flatMap((list) => [...list.entries()])) {
      if (root === EMPTY_TRIE_ROOT) continue;
      if (database.get(nodeStateKey(shard, null, hexToBytes(root))) !== undefined) continue;
      damages.add('state', `the state of shard ${shard} at block ${number} has lost its root`);
    }
  }
}

/**
 * A sum of leaves that does not depend on their order: equal for a trie and a flat table when they hold the same. By it
 * neither is ever in memory as a whole.
 */
class LeafSum {
  count = 0;
  #sum = 0n;

  add(key: Uint8Array, value: Uint8Array): void {
    this.count++;
    this.#sum = (this.#sum + bytesToBigint(keccak256(concatBytes(key, value)))) % MODULUS;
  }

  equals(other: LeafSum): boolean {
    return this.count === other.count && this.#sum === other.#sum;
  }
}

function leavesOf(chain: ExaminedChain, shard: ShardId, owner: TrieOwner, root: Hash): LeafSum {
  const sum = new LeafSum();
  if (root === EMPTY_TRIE_ROOT) return sum;
  const { database, damages } = chain;
  const whose = owner === null ? `shard ${shard}` : `account ${owner} in shard ${shard}`;
  damages.attempt('state', `the trie of ${whose}`, () =>
    walkTrie(hexToBytes(root), {
      node: (hash) => {
        const stored = database.get(nodeStateKey(shard, owner, hash));
        return stored === undefined ? undefined : nodeIn(stored);
      },
      leaf: (key, value) => sum.add(key, value),
      broken: (hash, reason) => damages.add('state', `node ${bytesToHex(hash)} of the trie of ${whose} ${reason}`),
    }),
  );
  return sum;
}

async function examineNewest(
  chain: ExaminedChain,
  shard: ShardId,
  root: Hash,
): Promise<{ readonly accounts: number; readonly slots: number }> {
  const { database, damages, progress } = chain;
  const flat = new LeafSum();
  let slots = 0;
  for await (const [key, value] of entriesOf(database, shardRange('account', shard))) {
    if (value === null) continue;
    const address = bytesToHex(key.subarray(2));
    flat.add(accountKey(address), value);
    progress('state', flat.count, null);
    slots += await examineAccount(chain, shard, address, value);
  }
  if (!flat.equals(leavesOf(chain, shard, null, root))) {
    damages.add('state', `the accounts of shard ${shard} are not those of its trie`);
  }
  let all = 0;
  for await (const _slot of entriesOf(database, shardRange('slot', shard))) all++;
  if (all !== slots) damages.add('state', `shard ${shard} has ${all} slots, and its accounts have ${slots}`);
  return { accounts: flat.count, slots };
}

/** Gives how many slots it has. */
async function examineAccount(
  chain: ExaminedChain,
  shard: ShardId,
  address: Address,
  value: Uint8Array,
): Promise<number> {
  const { database, damages } = chain;
  const account = damages.attempt('state', `account ${address}`, () => decodeAccount(value));
  if (account === null) return 0;
  if (account.codeHash !== EMPTY_CODE_HASH) {
    const code = database.get(codeStateKey(shard, account.codeHash));
    const isIt = code !== undefined && bytesToHex(keccak256(code)) === account.codeHash;
    if (!isIt) damages.add('state', `the code of account ${address} is missing or another`);
  }
  const flat = new LeafSum();
  if (account.storageRoot !== EMPTY_TRIE_ROOT) {
    for await (const [key, slot] of entriesOf(database, slotsRange(shard, address))) {
      if (slot === null) continue;
      const number = bytesToBigint(key.subarray(2 + ADDRESS_BYTES));
      flat.add(slotKey(number), encodeSlotValue(bytesToBigint(slot)));
    }
  }
  if (!flat.equals(leavesOf(chain, shard, address, account.storageRoot))) {
    damages.add('state', `the slots of account ${address} are not those of its trie`);
  }
  return flat.count;
}

/** Each stored node is what its key names; where nothing waits to be deleted, so are those right below it. */
async function examineNodes(chain: ExaminedChain, isSettled: boolean): Promise<number> {
  const { database, damages, progress } = chain;
  let nodes = 0;
  for (const [table, start] of [
    ['node', 2],
    ['storageNode', 2 + ADDRESS_BYTES],
  ] as const) {
    for await (const [key, value] of entriesOf(database, tableRange(table))) {
      progress('state', ++nodes, null);
      if (value === null) continue;
      const rlp = nodeIn(value);
      const hash = key.subarray(start);
      if (!equalBytes(keccak256(rlp), hash)) {
        damages.add('state', `node ${bytesToHex(hash)} is not what its hash names`);
        continue;
      }
      if (!isSettled) continue;
      const shard = key[1] ?? 0;
      const owner = table === 'node' ? null : bytesToHex(key.subarray(2, start));
      const children = damages.attempt('state', `node ${bytesToHex(hash)}`, () => hashedChildren(rlp)) ?? [];
      for (const child of children) {
        if (database.get(nodeStateKey(shard, owner, child)) !== undefined) continue;
        damages.add('state', `node ${bytesToHex(child)} below ${bytesToHex(hash)} is missing`);
      }
    }
  }
  return nodes;
}
