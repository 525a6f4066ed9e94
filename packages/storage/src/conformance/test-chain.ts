/** A deterministic chain with real state roots, transactions and messages, for testing stores. Not valid to consensus. */
import {
  BLS_AGGREGATE_BYTES,
  BLS_SIGNATURE_BYTES,
  bytesToHex,
  EMPTY_BYTES,
  keccak256,
  utf8ToBytes,
} from '@heddle/primitives';
import { createLayer, genesisLayer, type StateChanges, type StateLayer, type StateSnapshot } from '@heddle/state';
import {
  type Address,
  type Block,
  type BlockHeader,
  type CallMessage,
  type Chunk,
  type ChunkHeader,
  EMPTY_BLOOM,
  EMPTY_CODE_HASH,
  EMPTY_OMMERS_HASH,
  EMPTY_REQUESTS_HASH,
  EMPTY_TRIE_ROOT,
  type Hash,
  hashBlockHeader,
  hashChunkHeader,
  type Message,
  type RecoveredTransaction,
  type ShardId,
  signTransaction,
  type TupleCertificate,
  ZERO_ADDRESS,
  ZERO_HASH,
} from '@heddle/types';
import type { FinalBlockWrite, FinalChunk, GenesisWrite, StoredExecution } from '../types.ts';

const ACCOUNTS = 40;
const PRIVATE_KEY = keccak256(utf8ToBytes('a key for tests'));
const SIGNATURE = new Uint8Array(BLS_SIGNATURE_BYTES).fill(7);
const AGGREGATE = new Uint8Array(BLS_AGGREGATE_BYTES).fill(7);

/** The `index`-th account of a shard. */
export function testAddress(shard: ShardId, index: number): Address {
  const hash = bytesToHex(keccak256(Uint8Array.of(shard, index)));
  return `0x${hash.slice(26)}`;
}

function hashOf(text: string): Hash {
  return bytesToHex(keccak256(utf8ToBytes(text)));
}

function blockHeader(number: bigint, parentHash: Hash, stateRoot: Hash): BlockHeader {
  return {
    parentHash,
    ommersHash: EMPTY_OMMERS_HASH,
    coinbase: ZERO_ADDRESS,
    stateRoot,
    transactionsRoot: EMPTY_TRIE_ROOT,
    receiptsRoot: EMPTY_TRIE_ROOT,
    logsBloom: EMPTY_BLOOM,
    difficulty: 0n,
    number,
    gasLimit: 30_000_000n,
    gasUsed: 21_000n,
    timestamp: number,
    extraData: new Uint8Array(32),
    mixHash: ZERO_HASH,
    nonce: new Uint8Array(8),
    baseFeePerGas: 1_000_000_000n,
    withdrawalsRoot: EMPTY_TRIE_ROOT,
    blobGasUsed: 0n,
    excessBlobGas: 0n,
    parentBeaconBlockRoot: ZERO_HASH,
    requestsHash: EMPTY_REQUESTS_HASH,
  };
}

function chunkHeader(shard: ShardId, height: bigint, stateRoot: Hash, shardCount: number): ChunkHeader {
  return {
    shard,
    height,
    parentChunkHash: ZERO_HASH,
    parentBlockHash: ZERO_HASH,
    stateRoot,
    transactionsRoot: EMPTY_TRIE_ROOT,
    dispatchedRoot: EMPTY_TRIE_ROOT,
    receiptsRoot: EMPTY_TRIE_ROOT,
    logsBloom: EMPTY_BLOOM,
    gasUsed: 21_000n,
    gasLimit: 30_000_000n,
    baseFeePerGas: 1_000_000_000n,
    timestamp: height,
    coinbase: ZERO_ADDRESS,
    accessListHash: ZERO_HASH,
    bodyRoot: ZERO_HASH,
    outboxRoot: ZERO_HASH,
    inboundCursors: Array.from({ length: shardCount }, () => 0n),
    queuedWeight: 0n,
    placementsRoot: ZERO_HASH,
    coveredHeight: height,
    producer: 0,
  };
}

function transaction(nonce: bigint): RecoveredTransaction {
  const to = testAddress(0, Number(nonce % 16n));
  const fields = { type: 2, chainId: 31337n, nonce, gasLimit: 21_000n, to, value: 1n, data: EMPTY_BYTES } as const;
  return signTransaction({ ...fields, maxPriorityFeePerGas: 1n, maxFeePerGas: 2n, accessList: [] }, PRIVATE_KEY);
}

function execution(executed: RecoveredTransaction, deliveredBy: Hash | null): StoredExecution {
  const log = { address: testAddress(0, 1), topics: [hashOf('topic')], data: Uint8Array.of(1, 2, 3) };
  const receipt = { type: 2, status: 1, cumulativeGasUsed: 21_000n, logsBloom: EMPTY_BLOOM, logs: [log] } as const;
  return {
    transaction: executed,
    receipt,
    gasUsed: 21_000n,
    effectiveGasPrice: 2n,
    contractAddress: deliveredBy === null ? testAddress(0, 2) : null,
    deliveredBy,
  };
}

/** Some accounts and slots set, some slots cleared, at times an account deleted with its storage. */
function changesAt(height: bigint, shard: ShardId): StateChanges {
  const accounts = new Map<Address, { nonce: bigint; balance: bigint; codeHash: Hash } | null>();
  const storage = new Map<Address, Map<bigint, bigint>>();
  const codes = new Map<Hash, Uint8Array>();
  const step = Number(height);
  for (let i = 0; i < 6; i++) {
    const address = testAddress(shard, (step * 7 + i * 5) % ACCOUNTS);
    const code = utf8ToBytes(`code ${step % 3}`);
    const codeHash = i === 0 ? bytesToHex(keccak256(code)) : EMPTY_CODE_HASH;
    if (i === 0) codes.set(codeHash, code);
    accounts.set(address, { nonce: height, balance: height * 1000n + BigInt(i), codeHash });
    const slots = Array.from({ length: 4 }, (_, slot): [bigint, bigint] => [
      BigInt((step + slot) % 9),
      BigInt((step * slot) % 4),
    ]);
    storage.set(address, new Map(slots));
  }
  if (step % 3 === 2) accounts.set(testAddress(shard, (step * 11) % ACCOUNTS), null);
  for (const [address, account] of accounts) if (account === null) storage.delete(address);
  return { accounts, storage, codes };
}

/** A finalization of the block; its signatures are not real. */
export function testFinalization(view: bigint, blockHash: Hash, parentHash: Hash): TupleCertificate {
  const tuple = { epoch: 0n, view, parentView: view - 1n, parentHash, blockHash, justificationRoot: ZERO_HASH };
  return { kind: 'finalize', tuple, bitmap: Uint8Array.of(7), aggregate: AGGREGATE };
}

/** A block and chunk at a height that are not part of the chain. */
export function testUnfinal(height: bigint, label: string): { readonly block: Block; readonly chunk: Chunk } {
  const stateRoot = hashOf(label);
  const header = chunkHeader(0, height, stateRoot, 1);
  const block = blockHeader(height, hashOf('some parent'), stateRoot);
  return {
    block: {
      header: block,
      view: height,
      leader: 1,
      randaoReveal: SIGNATURE,
      chunks: [{ header, certificate: null, placements: [] }],
    },
    chunk: { header, body: { transactions: [Uint8Array.of(1)], accessList: [] }, signature: SIGNATURE },
  };
}

/** A block whose shards have these state roots. Nothing else in it is real. */
export function testBlock(number: bigint, parentHash: Hash, stateRoots: readonly Hash[]): Block {
  return {
    header: blockHeader(number, parentHash, hashOf(stateRoots.join())),
    view: number,
    leader: 0,
    randaoReveal: SIGNATURE,
    chunks: stateRoots.map((root, shard) => ({
      header: chunkHeader(shard, number, root, stateRoots.length),
      certificate: null,
      placements: [],
    })),
  };
}

function blockOf(number: bigint, parentHash: Hash, states: readonly StateSnapshot[]): Block {
  return testBlock(
    number,
    parentHash,
    states.map(({ root }) => root),
  );
}

export class TestChain {
  readonly genesis: GenesisWrite;
  readonly #shardCount: number;
  /** State of each shard at each height, from 0. */
  readonly states: (readonly StateSnapshot[])[];
  #parentHash: Hash;
  #height = 0n;
  #sequence = 0n;
  #inFlight: CallMessage[] = [];

  constructor(shardCount: number) {
    this.#shardCount = shardCount;
    const shards = Array.from({ length: shardCount }, (_, shard) => genesisLayer(changesAt(1n, shard)));
    const block = blockOf(0n, ZERO_HASH, shards);
    this.states = [shards];
    this.#parentHash = hashBlockHeader(block.header);
    const genesisJson = JSON.stringify({ config: { chainId: 31337, heddle: { shards: shardCount } } });
    this.genesis = { block, blockHash: this.#parentHash, genesisJson, shards };
  }

  /** The next final block. Shard 0 executes and dispatches; shard 1 executes what was dispatched a block before. */
  next(): FinalBlockWrite {
    this.#height += 1n;
    const height = this.#height;
    const parents = this.states[this.states.length - 1] ?? [];
    const layers = parents.map((parent, shard) => createLayer(parent, changesAt(height + 1n, shard)));
    const block = blockOf(height, this.#parentHash, layers);
    const blockHash = hashBlockHeader(block.header);
    const chunks = layers.map((layer, shard) => this.#chunk(block, shard, layer));
    const isCertified = height % 2n === 0n;
    const finalization = isCertified ? testFinalization(height, blockHash, this.#parentHash) : null;
    this.states.push(layers);
    this.#parentHash = blockHash;
    return { block, blockHash, finalization, chunks };
  }

  #chunk(block: Block, shard: ShardId, layer: StateLayer): FinalChunk {
    const header = chunkHeader(shard, block.header.number, layer.root, this.#shardCount);
    const delivered = shard === 1 ? this.#inFlight : [];
    const outbox = shard === 0 && this.#shardCount > 1 ? [this.#call(block.header.number)] : [];
    if (shard === Math.min(1, this.#shardCount - 1)) this.#inFlight = this.#next;
    const local = shard === 0 ? [execution(transaction(2n * block.header.number), null)] : [];
    return {
      shard,
      chunkHash: hashChunkHeader(header),
      chunk: { header, body: { transactions: [], accessList: [] }, signature: SIGNATURE },
      executed: [...delivered.map((message) => execution(message.transaction, message.id)), ...local],
      dispatched: outbox.map((message) => message.transaction),
      delivered,
      outbox,
      changes: layer.changes,
      storageRoots: layer.storageRoots,
      nodes: layer.nodes,
      burned: 21_000n,
    };
  }

  #next: CallMessage[] = [];

  #call(height: bigint): CallMessage {
    const sent = transaction(2n * height + 1n);
    const message: CallMessage = {
      kind: 'call',
      id: hashOf(`message ${height}`),
      source: 0,
      destination: 1,
      sourceHeight: height,
      sequence: this.#sequence++,
      originTx: sent.hash,
      sender: sent.sender,
      target: testAddress(1, 0),
      value: 1n,
      transaction: sent,
      feeTerms: { baseFeePerGas: 1n, effectiveGasPrice: 2n },
      sourceGasUsed: 21_000n,
      calldataFloorGas: 21_000n,
    };
    this.#next = [message];
    return message;
  }

  /** What waits for shard 1 at the newest block. */
  waiting(): readonly Message[] {
    return this.#inFlight;
  }
}
