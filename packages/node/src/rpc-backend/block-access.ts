import { keccak256Hex } from '@heddle/primitives';
import { HISTORY_CONTRACTS, home, WHOLE_REPLICAS } from '@heddle/sharding';
import type { ChainStore } from '@heddle/storage';
import {
  type AccountAccess,
  type Address,
  type Block,
  type BlockAccessList,
  type Hash,
  hashChunkHeader,
  isDerived,
} from '@heddle/types';
import { deliveredCount } from './chunk-reader.ts';
import { mergeAccess, shiftAccess } from './merge-access.ts';

/** One part of a block: its access lists, and where their indices stand in the whole block's. */
interface AccessPart {
  /** The section has one a shard, all with the same indices. */
  readonly lists: readonly ShardList[];
  /** Of index 0 of this part. */
  readonly offset: number;
  /** Of the first transaction: behind the system calls and, in a chunk, the deliveries. */
  readonly firstTransaction: number;
  /** Those that the part's body carries, in order, one an index. */
  readonly transactions: readonly Uint8Array[];
}

interface ShardList {
  readonly shard: number;
  readonly list: BlockAccessList;
}

/**
 * The access list of a whole final block (EIP-7928), composed of its parts' in block order; null where there is none: for
 * genesis, and for blocks that a version without them has stored. Indices: each chunk has one for system calls, one for
 * every delivery and every transaction that its body carries, and one for settlement; behind the chunks the section has one
 * for system work and one a transaction. With one shard that is EIP-7928's own numbering.
 */
export async function blockAccessList(store: ChainStore, block: Block): Promise<BlockAccessList | null> {
  const parts = accessParts(store, block);
  if (parts === null) return null;
  const merged = new Map<Address, AccountAccess>();
  for (const { lists, offset } of parts) {
    for (const { shard, list } of lists) {
      for (const account of list) {
        if (isForeignReplica(account.address, shard, block.chunks.length)) continue;
        const shifted = shiftAccess(account, offset);
        const before = merged.get(account.address);
        merged.set(account.address, before === undefined ? shifted : mergeAccess(before, shifted));
      }
      // A list may have thousands of accounts: consensus gets its turn between two of them.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  return [...merged.values()].sort((a, b) => (a.address < b.address ? -1 : 1));
}

/** Hashes of the block's transactions that changed something of the account. What deliveries changed is not among them. */
export function transactionsChanging(store: ChainStore, block: Block, address: Address): readonly Hash[] {
  const hashes = new Set<Hash>();
  for (const { lists, firstTransaction, transactions } of accessParts(store, block) ?? []) {
    for (const { list } of lists) {
      const account = list.find((entry) => entry.address === address);
      if (account === undefined) continue;
      for (const index of changedAt(account)) {
        const raw = transactions[index - firstTransaction];
        if (raw !== undefined) hashes.add(keccak256Hex(raw));
      }
    }
  }
  return [...hashes];
}

function changedAt(account: AccountAccess): readonly number[] {
  const { storageChanges, balanceChanges, nonceChanges, codeChanges } = account;
  const slots = storageChanges.flatMap(({ changes }) => changes);
  return [...slots, ...balanceChanges, ...nonceChanges, ...codeChanges].map(({ index }) => index);
}

/** What every shard has of its own is shown as its home has it, as all reads of state do. */
function isForeignReplica(address: Address, shard: number, shardCount: number): boolean {
  if (!WHOLE_REPLICAS.has(address) && !HISTORY_CONTRACTS.has(address)) return false;
  return home(address, shardCount) !== shard;
}

/** Null where a list is missing. */
export function accessParts(store: ChainStore, block: Block): readonly AccessPart[] | null {
  const { number } = block.header;
  if (isDerived(block.header)) return [];
  const loose = store.accessLists(number);
  const isControl = block.section !== null && block.section.control !== null;
  // Canonical empty chunks, which nobody sends, have their lists beside the block, before the section's.
  const ofChunks = block.section === null || isControl ? loose.slice(0, block.chunks.length) : [];
  const ofSection = isControl ? loose.slice(block.chunks.length) : loose;
  const parts: AccessPart[] = [];
  let offset = 0;
  for (const { header } of block.chunks) {
    if (header.height !== number || number === 0n) continue;
    const body = store.chunk(hashChunkHeader(header))?.body;
    const list = body?.accessList ?? ofChunks[header.shard];
    if (list === undefined) return null;
    const transactions = body?.transactions ?? [];
    const firstTransaction = 1 + deliveredCount(store, header);
    parts.push({ lists: [{ shard: header.shard, list }], offset, firstTransaction, transactions });
    offset += firstTransaction + transactions.length + 1;
  }
  if (block.section === null) return number === 0n ? null : parts;
  if (ofSection.length !== block.chunks.length) return null;
  const { transactions } = block.section;
  parts.push({ lists: ofSection.map((list, shard) => ({ shard, list })), offset, firstTransaction: 1, transactions });
  return parts;
}
