import { genesisSectionHeader } from '@heddle/execution';
import { genesisLayer } from '@heddle/state';
import {
  type Block,
  blockExtraData,
  type Chunk,
  type ChunkHeader,
  EMPTY_BLOOM,
  EMPTY_OMMERS_HASH,
  EMPTY_REQUESTS_HASH,
  EMPTY_TRIE_ROOT,
  type Hash,
  hashAccessList,
  hashBlockHeader,
  hashBodyTransactions,
  hashChunkHeader,
  type Message,
  NO_CONTROL,
  type Section,
  ZERO_ADDRESS,
  ZERO_HASH,
} from '@heddle/types';
import type { ExecutedBlock, ExecutedChunk } from '../../src/chain/executed-block.ts';

/** A block without shards on `parent`: enough for what only moves blocks about. `name` tells siblings apart. */
export function emptyBlock(parent: { readonly height: bigint; readonly hash: Hash } | null, name = 0): ExecutedBlock {
  const number = parent === null ? 0n : parent.height + 1n;
  const randaoReveal = new Uint8Array(192);
  const block: Block = {
    header: {
      parentHash: parent?.hash ?? ZERO_HASH,
      ommersHash: EMPTY_OMMERS_HASH,
      coinbase: ZERO_ADDRESS,
      stateRoot: EMPTY_TRIE_ROOT,
      transactionsRoot: EMPTY_TRIE_ROOT,
      receiptsRoot: EMPTY_TRIE_ROOT,
      logsBloom: EMPTY_BLOOM,
      difficulty: 0n,
      number,
      gasLimit: 0n,
      gasUsed: 0n,
      timestamp: 0n,
      extraData: blockExtraData(number, name, randaoReveal, [], null),
      mixHash: ZERO_HASH,
      nonce: new Uint8Array(8),
      baseFeePerGas: 0n,
      withdrawalsRoot: EMPTY_TRIE_ROOT,
      blobGasUsed: 0n,
      excessBlobGas: 0n,
      parentBeaconBlockRoot: ZERO_HASH,
      requestsHash: EMPTY_REQUESTS_HASH,
    },
    view: number,
    leader: name,
    randaoReveal,
    chunks: [],
    section: null,
  };
  return {
    block,
    hash: hashBlockHeader(block.header),
    height: number,
    shards: [],
    section: null,
    control: NO_CONTROL,
    derived: null,
  };
}

function chunkHeader(height: bigint, name: number): ChunkHeader {
  return {
    shard: 0,
    height,
    parentChunkHash: ZERO_HASH,
    parentBlockHash: ZERO_HASH,
    stateRoot: EMPTY_TRIE_ROOT,
    transactionsRoot: EMPTY_TRIE_ROOT,
    dispatchedRoot: ZERO_HASH,
    receiptsRoot: EMPTY_TRIE_ROOT,
    logsBloom: EMPTY_BLOOM,
    gasUsed: BigInt(name),
    gasLimit: 30_000_000n,
    baseFeePerGas: 1n,
    timestamp: 0n,
    coinbase: ZERO_ADDRESS,
    tips: 0n,
    accessListHash: hashAccessList([]),
    bodyRoot: hashBodyTransactions([]),
    outboxRoot: ZERO_HASH,
    inboundCursors: [0n],
    queuedWeight: 0n,
    executedCount: 0,
    logCount: 0,
    receiptGas: 0n,
    coveredHeight: height,
    producer: 0,
  };
}

/** A section in which nothing happens. */
export function emptySection(shardCount: number): Section {
  const stateRoots = Array.from({ length: shardCount }, () => EMPTY_TRIE_ROOT);
  return { header: genesisSectionHeader(stateRoots, 30_000_000n, 1n), control: null, transactions: [] };
}

export interface NamedChunk {
  readonly hash: Hash;
  readonly chunk: Chunk;
}

/** A chunk without transactions. `copy` is one byte of its signature: the same hash, another copy. */
export function emptyChunkAt(height: bigint, name = 0, copy = 0): NamedChunk {
  const header = chunkHeader(height, name);
  const signature = new Uint8Array(192).fill(copy);
  return { hash: hashChunkHeader(header), chunk: { header, body: { transactions: [], accessList: [] }, signature } };
}

/** The same as if it had been executed. */
export function asExecuted({ hash, chunk }: NamedChunk): ExecutedChunk {
  const changes = { accounts: new Map(), storage: new Map(), codes: new Map() };
  const outcome: ExecutedChunk['outcome'] = {
    included: [],
    rejected: [],
    executed: [],
    dispatched: [],
    delivered: [],
    outbox: [],
    changes,
    accessList: [],
    gasUsed: 0n,
    logsBloom: EMPTY_BLOOM,
    inboundCursors: [0n],
    queuedWeight: 0n,
    coveredHeight: chunk.header.height,
    tips: 0n,
    burned: 0n,
  };
  return { header: chunk.header, hash, chunk, outcome, layer: genesisLayer(changes) };
}

/** The block, with a message that waits for shard 0; nothing of it but its being there counts. */
export function withMessage(block: ExecutedBlock): ExecutedBlock {
  const { hash, chunk } = emptyChunkAt(block.height);
  const { layer } = asExecuted({ hash, chunk });
  const message: Message = {
    kind: 'credit',
    id: ZERO_HASH,
    source: 0,
    destination: 0,
    sourceHeight: block.height,
    sequence: 1n,
    originTx: ZERO_HASH,
    sender: ZERO_ADDRESS,
    target: ZERO_ADDRESS,
    value: 1n,
  };
  const tip = { header: chunk.header, headerHash: hash, state: layer, executed: null, queue: [message], missed: 0 };
  return { ...block, shards: [tip] };
}
