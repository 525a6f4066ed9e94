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
  type BlockAccessList,
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
  hashSectionBody,
  type Message,
  NO_CONTROL,
  type RecoveredTransaction,
  type Section,
  type ShardId,
  signTransaction,
  type TupleCertificate,
  ZERO_ADDRESS,
  ZERO_HASH,
} from '@heddle/types';
import type {
  FinalBlockWrite,
  FinalChunk,
  FinalSection,
  GenesisWrite,
  NamedValidators,
  ShardUpdate,
  StoredExecution,
} from '../types.ts';

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
    tips: 0n,
    accessListHash: ZERO_HASH,
    bodyRoot: ZERO_HASH,
    outboxRoot: ZERO_HASH,
    inboundCursors: Array.from({ length: shardCount }, () => 0n),
    queuedWeight: 0n,
    executedCount: 1,
    logCount: 1,
    receiptGas: 21_000n,
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

/**
 * On the state that `chunk` leaves: an account that the chunk wrote is deleted, one is written in its storage alone, one
 * deleted by the chunk is there again, with other slots, and one that the chunk left alone changes.
 */
function sectionChangesAt(height: bigint, shard: ShardId, chunk: StateChanges): StateChanges {
  const accounts = new Map<Address, { nonce: bigint; balance: bigint; codeHash: Hash } | null>();
  const storage = new Map<Address, Map<bigint, bigint>>();
  const codes = new Map<Hash, Uint8Array>();
  const [gone, kept] = [...chunk.accounts].flatMap(([address, fields]) => (fields === null ? [] : [address]));
  const again = [...chunk.accounts].flatMap(([address, fields]) => (fields === null ? [address] : []));
  const other = testAddress(shard, Number(height * 13n + 3n) % ACCOUNTS);
  const code = utf8ToBytes(`code of a section ${height % 3n}`);
  const codeHash = bytesToHex(keccak256(code));
  codes.set(codeHash, code);
  for (const address of [...again, other]) {
    accounts.set(address, { nonce: height, balance: 7n, codeHash });
    storage.set(address, new Map([[height % 9n, height]]));
  }
  if (kept !== undefined) storage.set(kept, new Map([[1n, height]]));
  if (gone !== undefined) {
    accounts.set(gone, null);
    storage.delete(gone);
  }
  return { accounts, storage, codes };
}

/** A section of as many shards as there are roots, with these transactions. Nothing else in it is real. */
export function testSection(stateRoots: readonly Hash[], transactions: readonly Uint8Array[]): Section {
  const noHashes = stateRoots.map(() => ZERO_HASH);
  return {
    header: {
      transactionCount: transactions.length,
      bodyRoot: hashSectionBody({ control: null, transactions }),
      transactionsRoot: EMPTY_TRIE_ROOT,
      receiptsRoot: EMPTY_TRIE_ROOT,
      accessListHashes: noHashes,
      logsBloom: EMPTY_BLOOM,
      gasUsed: 21_000n,
      gasLimit: 30_000_000n,
      baseFeePerGas: 1_000_000_000n,
      stateRoots,
      outboxRoots: noHashes,
    },
    control: null,
    transactions,
  };
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
      chunks: [{ header, certificate: null }],
      section: null,
    },
    chunk: { header, body: { transactions: [Uint8Array.of(1)], accessList: [] }, signature: SIGNATURE },
  };
}

/** A block whose chunks have these state roots, and this section. Nothing else in it is real. */
export function testBlock(
  number: bigint,
  parentHash: Hash,
  chunkRoots: readonly Hash[],
  section: Section | null,
): Block {
  const stateRoots = section === null ? chunkRoots : section.header.stateRoots;
  return {
    header: blockHeader(number, parentHash, hashOf(stateRoots.join())),
    view: number,
    leader: 0,
    randaoReveal: SIGNATURE,
    chunks: chunkRoots.map((root, shard) => ({
      header: chunkHeader(shard, number, root, chunkRoots.length),
      certificate: null,
    })),
    section,
  };
}

const rootsOf = (states: readonly StateSnapshot[]): readonly Hash[] => states.map(({ root }) => root);

/** Of the section, and now and then of an empty chunk. */
function accessListsAt(height: bigint, shardCount: number): readonly BlockAccessList[] {
  if (shardCount === 1 && height % 2n === 0n) return [];
  return Array.from({ length: shardCount }, (_, shard) => [
    {
      address: testAddress(shard, Number(height % 16n)),
      storageChanges: [{ slot: height, changes: [{ index: shard, value: 7n }] }],
      storageReads: [height + 1n],
      balanceChanges: [],
      nonceChanges: [{ index: 1, nonce: height }],
      codeChanges: [],
    },
  ]);
}

/** Every fourth block names a period's validators. */
function namedAt(height: bigint): NamedValidators | null {
  if (height % 4n !== 0n) return null;
  const publicKey = new Uint8Array(48).fill(Number(height));
  return { period: height / 4n, validators: [{ publicKey, proofOfPossession: SIGNATURE }] };
}

/** Of each shard in two of three blocks. */
function sectionUpdate(
  height: bigint,
  shard: ShardId,
  chunk: StateLayer,
): readonly (ShardUpdate & { readonly layer: StateLayer })[] {
  if ((height + BigInt(shard)) % 3n === 0n) return [];
  const layer = createLayer(chunk, sectionChangesAt(height, shard, chunk.changes));
  const { changes, storageRoots, nodes, tries } = layer;
  return [{ shard, layer, changes, storageRoots, nodes, tries }];
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
    const section = shardCount === 1 ? null : testSection(rootsOf(shards), []);
    const block = testBlock(0n, ZERO_HASH, rootsOf(shards), section);
    this.states = [shards];
    this.#parentHash = hashBlockHeader(block.header);
    const genesisJson = JSON.stringify({ config: { chainId: 31337, heddle: { shards: shardCount } } });
    this.genesis = { block, blockHash: this.#parentHash, genesisJson, shards };
  }

  /**
   * The next final block. Shard 0 executes and dispatches; shard 1 executes what was dispatched a block before; with
   * several shards the section changes some of them.
   */
  next(): FinalBlockWrite {
    this.#height += 1n;
    const height = this.#height;
    const parents = this.states[this.states.length - 1] ?? [];
    const layers = parents.map((parent, shard) => createLayer(parent, changesAt(height + 1n, shard)));
    const updates = this.#shardCount === 1 ? [] : layers.flatMap((layer, shard) => sectionUpdate(height, shard, layer));
    const states = layers.map((layer, shard) => updates.find((update) => update.shard === shard)?.layer ?? layer);
    const executed = execution(transaction(1_000_000n + height), null);
    const section = this.#shardCount === 1 ? null : testSection(rootsOf(states), [executed.transaction.raw]);
    const block = testBlock(height, this.#parentHash, rootsOf(layers), section);
    const blockHash = hashBlockHeader(block.header);
    const chunks = layers.map((layer, shard) => this.#chunk(block, shard, layer));
    const isCertified = height % 2n === 0n;
    const finalization = isCertified ? testFinalization(height, blockHash, this.#parentHash) : null;
    this.states.push(states);
    this.#parentHash = blockHash;
    const written: FinalSection | null =
      section === null ? null : { executed: [executed], updates, burned: 21_000n, minted: 0n };
    return {
      block,
      blockHash,
      finalization,
      chunks,
      section: written,
      accessLists: accessListsAt(height, this.#shardCount),
      named: namedAt(height),
      control: NO_CONTROL,
      derived: null,
    };
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
      tries: layer.tries,
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
