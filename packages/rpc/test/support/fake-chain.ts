import { bytesToHex, keccak256Hex, utf8ToBytes } from '@heddle/primitives';
import type {
  Address,
  Block,
  BlockAccessList,
  BlockHeader,
  ChunkHeader,
  Hash,
  Log,
  RecoveredTransaction,
  ShardId,
} from '@heddle/types';
import {
  EMPTY_BLOOM,
  EMPTY_CODE_HASH,
  EMPTY_OMMERS_HASH,
  EMPTY_REQUESTS_HASH,
  EMPTY_TRIE_ROOT,
  hashBlockHeader,
  logsBloom,
  mergeBlooms,
  ZERO_ADDRESS,
  ZERO_HASH,
} from '@heddle/types';
import type { AccountView, BlockTransaction, ContractCreation, FinalBlock } from '../../src/ports.ts';

export const SHARDS = 2;
export const BASE_FEE = 1_000_000_000n;
export const CHUNK_GAS_LIMIT = 30_000_000n;

/** Transactions to it leave one log: the words of the data are its topics, the value its data. */
export const LOGGER: Address = '0x00000000000000000000000000000000000106e5';
/** Transactions to it fail. */
export const FAILER: Address = '0x000000000000000000000000000000000000fa11';

interface AccountState {
  readonly nonce: bigint;
  readonly balance: bigint;
  readonly code: Uint8Array;
  readonly storage: ReadonlyMap<bigint, bigint>;
}
type WorldState = ReadonlyMap<Address, AccountState>;

const EMPTY: AccountState = { nonce: 0n, balance: 0n, code: new Uint8Array(), storage: new Map() };

/** The residence rule of the double: the address's last bit. */
export function shardOf(address: Address): ShardId {
  return Number.parseInt(address.slice(-1), 16) % SHARDS;
}

/** Blocks and the state after each, in memory. Executes transfers, logs and failures; nothing else. */
export class FakeChain {
  readonly blocks: FinalBlock[] = [];
  readonly #states: WorldState[] = [];

  constructor(alloc: ReadonlyMap<Address, bigint>) {
    const genesis = new Map([...alloc].map(([address, balance]) => [address, { ...EMPTY, balance }]));
    this.#push([], genesis);
  }

  get head(): FinalBlock {
    return at(this.blocks, this.blocks.length - 1);
  }

  /** Changes the newest state, for tests of code and storage. */
  setAccount(address: Address, change: Partial<AccountState>): void {
    const newest = new Map(at(this.#states, this.#states.length - 1));
    newest.set(address, { ...EMPTY, ...newest.get(address), ...change });
    this.#states[this.#states.length - 1] = newest;
  }

  state(address: Address, number: bigint): AccountState {
    return at(this.#states, Number(number)).get(address) ?? EMPTY;
  }

  /** Of the newest state. */
  code(hash: Hash): Uint8Array | null {
    const codes = [...at(this.#states, this.#states.length - 1).values()].map(({ code }) => code);
    return codes.find((code) => keccak256Hex(code) === hash) ?? null;
  }

  /** Senders' nonces only. */
  accessList(number: number): BlockAccessList | null {
    if (number === 0) return null;
    const { executed } = at(this.blocks, number);
    return [...Map.groupBy(executed, ({ transaction }) => transaction.sender)]
      .map(([address, own]) => ({
        address,
        storageChanges: [],
        storageReads: [],
        balanceChanges: [],
        nonceChanges: own.map(({ transaction, transactionIndex }) => ({
          index: transactionIndex + 1,
          nonce: transaction.fields.nonce + 1n,
        })),
        codeChanges: [],
      }))
      .sort((a, b) => (a.address < b.address ? -1 : 1));
  }

  /** As if each transaction changed what its data names: 20 bytes. */
  changing(address: Address, number: number): readonly Hash[] {
    const { executed } = at(this.blocks, number);
    const named = executed.filter(({ transaction }) => bytesToHex(transaction.fields.data) === address);
    return named.map(({ transaction }) => transaction.hash);
  }

  creation(address: Address, number: number): ContractCreation | null {
    const entry = at(this.blocks, number).executed.find(({ contractAddress }) => contractAddress === address);
    return entry === undefined ? null : { hash: entry.transaction.hash, creator: entry.transaction.sender };
  }

  view(address: Address, number: bigint): AccountView {
    const { nonce, balance, code } = this.state(address, number);
    const codeHash = code.length === 0 ? EMPTY_CODE_HASH : keccak256Hex(code);
    return { nonce, balance, code, codeHash, storageRoot: EMPTY_TRIE_ROOT, residence: shardOf(address) };
  }

  /** Executes the transactions in one block. */
  append(transactions: readonly RecoveredTransaction[]): FinalBlock {
    const state = new Map(at(this.#states, this.#states.length - 1));
    const executed: BlockTransaction[] = [];
    let cumulativeGasUsed = 0n;
    let firstLogIndex = 0;
    for (const [transactionIndex, transaction] of transactions.entries()) {
      const logs = applyTransaction(state, transaction);
      const gasUsed = 21_000n + BigInt(transaction.fields.data.length) * 16n;
      cumulativeGasUsed += gasUsed;
      executed.push(describe(transaction, logs, { gasUsed, cumulativeGasUsed, transactionIndex, firstLogIndex }));
      firstLogIndex += logs.length;
    }
    return this.#push(executed, state);
  }

  #push(executed: readonly BlockTransaction[], state: WorldState): FinalBlock {
    const number = BigInt(this.blocks.length);
    const parentHash = number === 0n ? ZERO_HASH : this.head.hash;
    const header = createHeader(number, parentHash, executed);
    const chunks = Array.from({ length: SHARDS }, (_, shard) => ({
      header: createChunkHeader(shard, number, parentHash),
      certificate: null,
    }));
    const block: Block = { header, view: number, leader: 0, randaoReveal: new Uint8Array(192), chunks, section: null };
    const final = { block, hash: hashBlockHeader(header), executed, size: 600 + executed.length * 120 };
    this.blocks.push(final);
    this.#states.push(state);
    return final;
  }
}

interface Place {
  readonly gasUsed: bigint;
  readonly cumulativeGasUsed: bigint;
  readonly transactionIndex: number;
  readonly firstLogIndex: number;
}

function describe(transaction: RecoveredTransaction, logs: readonly Log[], place: Place): BlockTransaction {
  const { fields } = transaction;
  const effectiveGasPrice =
    'gasPrice' in fields ? fields.gasPrice : lower(fields.maxFeePerGas, BASE_FEE + fields.maxPriorityFeePerGas);
  return {
    ...place,
    transaction,
    effectiveGasPrice,
    receipt: {
      type: fields.type,
      status: fields.to === FAILER ? 0 : 1,
      cumulativeGasUsed: place.cumulativeGasUsed,
      logsBloom: logsBloom(logs),
      logs,
    },
    contractAddress: fields.to === null ? createdAddress(transaction) : null,
    baseFeePerGas: BASE_FEE,
    way: 'local',
    executedShard: shardOf(transaction.sender),
  };
}

function createdAddress(transaction: RecoveredTransaction): Address {
  return `0x${transaction.hash.slice(2, 42)}`;
}

function applyTransaction(state: Map<Address, AccountState>, transaction: RecoveredTransaction): readonly Log[] {
  const { fields, sender } = transaction;
  const from = state.get(sender) ?? EMPTY;
  state.set(sender, { ...from, nonce: from.nonce + 1n, balance: from.balance - fields.value });
  const target = fields.to ?? createdAddress(transaction);
  const to = state.get(target) ?? EMPTY;
  state.set(target, { ...to, balance: to.balance + fields.value });
  if (fields.to === null) state.set(target, { ...to, balance: to.balance + fields.value, code: fields.data });
  if (fields.to !== LOGGER) return [];
  const topics: Hash[] = [];
  for (let offset = 0; offset + 32 <= fields.data.length; offset += 32) {
    topics.push(`0x${Buffer.from(fields.data.subarray(offset, offset + 32)).toString('hex')}`);
  }
  const data = Buffer.from(fields.value.toString(16).padStart(64, '0'), 'hex');
  return [{ address: LOGGER, topics: topics.slice(0, 4), data: new Uint8Array(data) }];
}

function createHeader(number: bigint, parentHash: Hash, executed: readonly BlockTransaction[]): BlockHeader {
  return {
    parentHash,
    ommersHash: EMPTY_OMMERS_HASH,
    coinbase: ZERO_ADDRESS,
    stateRoot: keccak256Hex(utf8ToBytes(`state ${number}`)),
    transactionsRoot: EMPTY_TRIE_ROOT,
    receiptsRoot: EMPTY_TRIE_ROOT,
    logsBloom: mergeBlooms(executed.map(({ receipt }) => receipt.logsBloom)),
    difficulty: 0n,
    number,
    gasLimit: CHUNK_GAS_LIMIT * BigInt(SHARDS),
    gasUsed: executed.reduce((sum, { gasUsed }) => sum + gasUsed, 0n),
    timestamp: 1_700_000_000n + number,
    extraData: new Uint8Array(32),
    mixHash: ZERO_HASH,
    nonce: new Uint8Array(8),
    baseFeePerGas: BASE_FEE,
    withdrawalsRoot: EMPTY_TRIE_ROOT,
    blobGasUsed: 0n,
    excessBlobGas: 0n,
    parentBeaconBlockRoot: ZERO_HASH,
    requestsHash: EMPTY_REQUESTS_HASH,
  };
}

function createChunkHeader(shard: ShardId, height: bigint, parentBlockHash: Hash): ChunkHeader {
  return {
    shard,
    height,
    parentChunkHash: ZERO_HASH,
    parentBlockHash,
    stateRoot: EMPTY_TRIE_ROOT,
    transactionsRoot: EMPTY_TRIE_ROOT,
    dispatchedRoot: EMPTY_TRIE_ROOT,
    receiptsRoot: EMPTY_TRIE_ROOT,
    logsBloom: EMPTY_BLOOM,
    gasUsed: 0n,
    gasLimit: CHUNK_GAS_LIMIT,
    baseFeePerGas: BASE_FEE,
    timestamp: 1_700_000_000n + height,
    coinbase: ZERO_ADDRESS,
    tips: 0n,
    accessListHash: ZERO_HASH,
    bodyRoot: ZERO_HASH,
    outboxRoot: ZERO_HASH,
    inboundCursors: [0n, 0n],
    queuedWeight: 0n,
    executedCount: 0,
    logCount: 0,
    receiptGas: 0n,
    coveredHeight: height,
    producer: 0,
  };
}

function lower(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new Error(`nothing at ${index}`);
  return item;
}
