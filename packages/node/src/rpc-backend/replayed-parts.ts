import { equalBytes, ImpossibleStateError } from '@heddle/primitives';
import { cursorWrite } from '@heddle/sharding';
import type { BlockFacts, ListedRoot, ReplayedPart, ReplayedTransaction } from '@heddle/simulation';
import type { ChainStore, StoredExecution } from '@heddle/storage';
import {
  type Block,
  type BlockAccessList,
  type CallMessage,
  type ChunkHeader,
  type Genesis,
  type Hash,
  hashChunkHeader,
  type ShardId,
  stateRootsOf,
} from '@heddle/types';
import { factsOf } from './simulated-place.ts';
import { requireState } from './state-at.ts';

/** Which transactions of a block; null = all. */
export type WantedTransactions = ReadonlySet<Hash> | null;

/** A final block with what its parts were executed on. */
interface ReplayedBlock {
  readonly store: ChainStore;
  readonly genesis: Genesis;
  readonly block: Block;
  readonly hash: Hash;
  readonly parent: Block;
}

/** Transactions of one part in order, with their places in the block. */
type Placed = readonly { readonly execution: StoredExecution; readonly place: ReplayedTransaction['place'] }[];

/** What is needed to execute transactions of the final block `number` once more; nothing for genesis, which has none. */
export async function replayedParts(
  store: ChainStore,
  genesis: Genesis,
  number: bigint,
  wanted: WantedTransactions,
): Promise<readonly ReplayedPart[]> {
  const block = store.blockByNumber(number);
  const hash = store.blockHashByNumber(number);
  const parent = number === 0n ? null : store.blockByNumber(number - 1n);
  if (block === null || hash === null || parent === null) return [];
  requireState(store, number - 1n);
  const replayed: ReplayedBlock = { store, genesis, block, hash, parent };
  const parts: ReplayedPart[] = [];
  for (const [index, placed] of placedExecutions(replayed).entries()) {
    const some = placed.filter(({ execution }) => wanted === null || wanted.has(execution.transaction.hash));
    if (some.length === 0) continue;
    const isSection = index === block.chunks.length;
    parts.push(isSection ? sectionPart(replayed, placed, some) : await chunkPart(replayed, index, some));
  }
  return parts;
}

/** By part. */
function placedExecutions({ store, block, hash }: ReplayedBlock): readonly Placed[] {
  const blockNumber = block.header.number;
  let transactionIndex = 0;
  let firstLogIndex = 0;
  return store.executions(blockNumber).map((executions) =>
    executions.map((execution) => {
      const transactionHash = execution.transaction.hash;
      const place = { transactionHash, blockHash: hash, blockNumber, transactionIndex, firstLogIndex };
      transactionIndex += 1;
      firstLogIndex += execution.receipt.logs.length;
      return { execution, place };
    }),
  );
}

async function chunkPart(replayed: ReplayedBlock, shard: ShardId, placed: Placed): Promise<ReplayedPart> {
  const { store, block, parent, genesis } = replayed;
  const header = chunkOf(block, shard);
  const body = store.chunk(hashChunkHeader(header))?.body;
  if (body === undefined)
    throw new ImpossibleStateError(`the chunk of shard ${shard} in block ${block.header.number} is not kept`);
  const firstLocal = deliveries(header, chunkOf(parent, shard)) + 1;
  const transactions: ReplayedTransaction[] = [];
  let position = 0;
  for (const { execution, place } of placed) {
    const { transaction, gasUsed, deliveredBy } = execution;
    if (deliveredBy !== null) {
      const message = await callMessage(store, transaction.hash, deliveredBy);
      transactions.push({ transaction, index: deliveryIndex(body.accessList, message), gasUsed, message, place });
      continue;
    }
    // Those that were sent to other shards stand in the body as well, and take an index each.
    while (!equalBytes(bodyItem(body.transactions, position, header), transaction.raw)) position += 1;
    transactions.push({ transaction, index: firstLocal + position, gasUsed, message: null, place });
  }
  return {
    kind: 'chunk',
    shard,
    shardCount: genesis.shardCount,
    ...listedRoot(replayed, shard, body.accessList),
    block: chunkFacts(replayed, header),
    transactions,
  };
}

function sectionPart(replayed: ReplayedBlock, all: Placed, placed: Placed): ReplayedPart {
  const { block, genesis } = replayed;
  const { section, chunks } = block;
  if (section === null) throw new ImpossibleStateError(`block ${block.header.number} has no section`);
  const { gasLimit, baseFeePerGas } = section.header;
  const last = placed.at(-1)?.execution;
  const count = all.findIndex(({ execution }) => execution === last) + 1;
  const states = chunks.map(({ header }, shard) => {
    const isNew = header.height === block.header.number;
    const list = isNew ? (replayed.store.chunk(hashChunkHeader(header))?.body.accessList ?? []) : [];
    return listedRoot(replayed, shard, list);
  });
  return {
    kind: 'section',
    states,
    block: { ...factsOf(block, genesis), gasLimit, baseFeePerGas },
    parentBeaconBlockRoot: block.header.parentBeaconBlockRoot,
    chunks: chunks.map(({ header }) => header),
    body: all.slice(0, count).map(({ execution }) => execution.transaction),
    transactions: placed.map(({ execution, place }) => ({
      transaction: execution.transaction,
      index: all.findIndex((entry) => entry.execution === execution) + 1,
      gasUsed: execution.gasUsed,
      message: null,
      place,
    })),
  };
}

/** A chunk has its own time, coinbase, gas limit and base fee. */
function chunkFacts({ block, genesis }: ReplayedBlock, header: ChunkHeader): BlockFacts {
  const { timestamp, coinbase, gasLimit, baseFeePerGas } = header;
  return { ...factsOf(block, genesis), timestamp, coinbase, gasLimit, baseFeePerGas };
}

/** Only what changes something: what was read is read again. */
function listedRoot({ parent }: ReplayedBlock, shard: ShardId, list: BlockAccessList): ListedRoot {
  const root = stateRootsOf(parent)[shard];
  if (root === undefined) throw new ImpossibleStateError(`block ${parent.header.number} has no shard ${shard}`);
  const accessList = list.flatMap((access) => {
    const { storageChanges, balanceChanges, nonceChanges, codeChanges } = access;
    const changes = storageChanges.length + balanceChanges.length + nonceChanges.length + codeChanges.length;
    return changes === 0 ? [] : [{ ...access, storageReads: [] }];
  });
  return { root, accessList };
}

function chunkOf({ chunks, header }: Block, shard: ShardId): ChunkHeader {
  const chunk = chunks[shard];
  if (chunk === undefined) throw new ImpossibleStateError(`block ${header.number} has no shard ${shard}`);
  return chunk.header;
}

function bodyItem(transactions: readonly Uint8Array[], position: number, { shard, height }: ChunkHeader): Uint8Array {
  const raw = transactions[position];
  if (raw === undefined) throw new ImpossibleStateError(`the chunk of shard ${shard} at ${height} lacks a transaction`);
  return raw;
}

/** How many messages the chunk has delivered: each moves the cursor of its source. */
function deliveries(header: ChunkHeader, before: ChunkHeader): number {
  return header.inboundCursors.reduce(
    (sum, cursor, source) => sum + Number(cursor - (before.inboundCursors[source] ?? 0n)),
    0,
  );
}

async function callMessage(store: ChainStore, originTx: Hash, id: Hash): Promise<CallMessage> {
  for (const { message } of await store.messagesOf(originTx)) {
    if (message.id === id && message.kind === 'call') return message;
  }
  throw new ImpossibleStateError(`message ${id} of transaction ${originTx} is not kept`);
}

/** Each delivery writes its source's cursor at an index of its own. */
function deliveryIndex(list: BlockAccessList, message: CallMessage): number {
  const write = cursorWrite(message);
  const account = list.find(({ address }) => address === write.address);
  const slot = account?.storageChanges.find((change) => change.slot === write.slot);
  const change = slot?.changes.find(({ value }) => value === write.value);
  if (change === undefined)
    throw new ImpossibleStateError(`no index of the access list delivers message ${message.id}`);
  return change.index;
}
