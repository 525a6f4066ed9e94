import type {
  BlockOverrides,
  CallOutcome,
  CallMessage as CallRequest,
  Results,
  StateOverride,
  StateOverrides,
  TraceCallsResult,
  TraceForm,
  TraceResult,
  TracerSpec,
  TransactionConsole,
} from '@heddle/simulation';
import type {
  Address,
  Block,
  ChunkHeader,
  Hash,
  Receipt,
  RecoveredTransaction,
  SectionHeader,
  ShardId,
} from '@heddle/types';

export type { BlockOverrides, CallOutcome, CallRequest, StateOverride, StateOverrides };

/** A final block with what it executed, in block order (shard, then deliveries, then local; the section last). */
export interface FinalBlock {
  readonly block: Block;
  readonly hash: Hash;
  readonly executed: readonly BlockTransaction[];
  /** RLP size of the block with its transactions, bytes. */
  readonly size: number;
}

/** One executed transaction with its receipt and its place. Indices and cumulative gas run over the whole block. */
export interface BlockTransaction {
  readonly transaction: RecoveredTransaction;
  readonly receipt: Receipt;
  readonly gasUsed: bigint;
  readonly effectiveGasPrice: bigint;
  /** Over the whole block, all shards before it included. */
  readonly cumulativeGasUsed: bigint;
  readonly transactionIndex: number;
  /** logIndex of its first log. */
  readonly firstLogIndex: number;
  readonly contractAddress: Address | null;
  /** Base fee of the block's part that executed it, a chunk or the section; wei a gas. */
  readonly baseFeePerGas: bigint;
  readonly way: TransactionWay;
  /** Null for one of the section, which belongs to no shard. */
  readonly executedShard: ShardId | null;
}

/** How a transaction went: in its home's chunk, in the global section, or as a message to another shard. */
export type TransactionWay = 'local' | 'section' | 'dispatched';

export interface LocatedTransaction {
  readonly transaction: RecoveredTransaction;
  /** null while pending: in the pool, or dispatched and not yet executed. */
  readonly included: { readonly block: FinalBlock; readonly entry: BlockTransaction } | null;
}

/** A position in the chain that state can be read at; `null` account fields never occur: unknown accounts are empty. */
export interface AccountView {
  readonly nonce: bigint;
  readonly balance: bigint;
  readonly code: Uint8Array;
  readonly codeHash: Hash;
  readonly storageRoot: Hash;
  readonly residence: ShardId;
}

/** Where and with what a call is executed. */
export interface CallPlace {
  /** The block after which state is read, at most the head. */
  readonly number: bigint;
  readonly overrides: StateOverrides;
  readonly blockOverrides: BlockOverrides;
}

/** Why the pool refused a transaction: geth's wording, shown to the client as it is (code −32000). */
export type SubmitResult = { readonly ok: true; readonly hash: Hash } | { readonly ok: false; readonly reason: string };

/** The chain, as RPC reads it. Only final blocks exist. Historic state is there for every final block. */
export interface ChainReader {
  readonly chainId: bigint;
  /** Latest final block. */
  head(): FinalBlock;
  blockByNumber(number: bigint): Promise<FinalBlock | null>;
  blockByHash(hash: Hash): Promise<FinalBlock | null>;
  /** Executed, dispatched or pooled. */
  transaction(hash: Hash): Promise<LocatedTransaction | null>;
  /** State after block `number` (≤ head). */
  account(address: Address, number: bigint): Promise<AccountView>;
  storage(address: Address, slot: bigint, number: bigint): Promise<bigint>;
  /** Base fee that a transaction to be included in the next block has to meet, maximum over shards and section. */
  nextBaseFee(): bigint;
  /** Gas limit of one chunk: the most that one transaction's block part can hold. */
  readonly chunkGasLimit: bigint;
}

/**
 * On the union of all shards. Rejects with `Simulation…Error` of @heddle/simulation, and with what reading state throws; when
 * `signal` is aborted the work stops.
 */
export interface CallExecutor {
  call(request: CallRequest, place: CallPlace, signal: AbortSignal): Promise<CallOutcome>;
  /** On success `gasUsed` is the least gas limit with which the request succeeds. */
  estimateGas(request: CallRequest, place: CallPlace, signal: AbortSignal): Promise<CallOutcome>;
  createAccessList(request: CallRequest, place: CallPlace, signal: AbortSignal): Promise<Results['accessList']>;
}

/**
 * Executes with somebody watching: final transactions once more, as they were, and calls. Results are JSON text. Rejects as
 * `CallExecutor`.
 */
export interface TraceExecutor {
  /** Null for one that is not in a final block. */
  transaction(hash: Hash, form: TraceForm, signal: AbortSignal): Promise<TraceResult | null>;
  /** All transactions of a final block, in its order. */
  block(number: bigint, form: TraceForm, signal: AbortSignal): Promise<TraceResult>;
  /** One after the other on one state. Without `asList` the result is that of the first. */
  calls(
    calls: readonly { readonly message: CallRequest; readonly tracer: TracerSpec }[],
    asList: boolean,
    place: CallPlace,
    signal: AbortSignal,
  ): Promise<TraceCallsResult>;
  /** What transactions of a final block said to the console of Hardhat and Foundry, and why they failed; in its order. */
  console(number: bigint, hashes: readonly Hash[], signal: AbortSignal): Promise<readonly TransactionConsole[]>;
  /** Transactions of a final block that may have said something: the others need not be executed for it. */
  consoleUsers(number: bigint): readonly Hash[];
}

export interface PoolAccess {
  /** Decoded, signature recovered; checks the pool rules and gossips. Never throws for a user's error. */
  submit(transaction: RecoveredTransaction): Promise<SubmitResult>;
  /**
   * Resolves when the transaction is executed and final, after a bound of time, or at once when waiting is no use.
   * A devnet that makes blocks on demand answers a send only then: clients (ethers) that look for the receipt once and
   * then wait for the next block would wait for ever, since no next block comes. Never rejects.
   */
  executed(hash: Hash): Promise<void>;
  /** Next nonce with pooled transactions counted. */
  pendingNonce(address: Address): Promise<bigint>;
  pending(): readonly RecoveredTransaction[];
}

export interface ChainEvents {
  /** After the block can be queried. Returns the unsubscriber. */
  onBlock(listener: (block: FinalBlock) => void): () => void;
  onPendingTransaction(listener: (transaction: RecoveredTransaction) => void): () => void;
}

/** Per-shard facts for shard_*. */
export interface ShardReader {
  readonly shardCount: number;
  topology(): {
    readonly validators: readonly {
      readonly index: number;
      readonly publicKey: Uint8Array;
      readonly running: boolean;
    }[];
    readonly chunkHeads: readonly ChunkHeader[];
    /** The global section of the latest final block; null with one shard. */
    readonly sectionHead: SectionHeader | null;
    /** What an operator looks at, by name: counted since the start, over all validators of the process. */
    readonly counters: Readonly<Record<string, number>>;
  };
  /** Wei that no account holds after the latest final block. */
  supply(): { readonly blockNumber: bigint; readonly burned: bigint; readonly inFlight: bigint };
  residence(address: Address): Promise<{ readonly home: ShardId; readonly residence: ShardId }>;
  trace(hash: Hash): Promise<TransactionTrace | null>;
  /** The newest chunk of the shard in block `number`; null above the head. */
  chunkAt(shard: ShardId, number: bigint): ShardChunk | null;
  /** A final chunk of the shard. */
  chunkByHash(shard: ShardId, hash: Hash): ShardChunk | null;
}

/** A final chunk, and how the answering validator executed it. */
export interface ShardChunk {
  readonly header: ChunkHeader;
  /** Transactions taken from the pool, those that went to other shards included. */
  readonly transactionCount: number;
  /** Transactions that went to other shards. */
  readonly dispatchedCount: number;
  /** Messages from other shards. */
  readonly deliveredCount: number;
  /** Null for a chunk that nobody sends: genesis, and the empty chunk of a network of one shard. */
  readonly accessList: { readonly accounts: number; readonly slots: number } | null;
  /** Null when it was not executed since the start, or long ago. */
  readonly execution: ChunkExecutionReport | null;
}

/** How a chunk was executed: another validator may have done it differently, with the same result. */
export interface ChunkExecutionReport {
  readonly path: 'sequential' | 'producer' | 'validator';
  /** Transactions of each lane. */
  readonly lanes: readonly number[];
  readonly conflicts: number;
  readonly reexecutions: number;
  readonly handedBack: number;
  /** Why lanes refused the chunk although it is valid: a bug of the node. */
  readonly disagreement: string | null;
  readonly microseconds: { readonly prepare: number; readonly run: number; readonly finish: number };
}

/** Where a transaction and its messages went. */
export interface TransactionTrace {
  readonly hash: Hash;
  readonly homeShard: ShardId;
  readonly status: 'pending' | 'dispatched' | 'executed';
  /** Null while pending. */
  readonly way: TransactionWay | null;
  readonly dispatchedIn: bigint | null;
  readonly executedIn: bigint | null;
  /** Null for one of the section, which belongs to no shard. */
  readonly executedShard: ShardId | null;
  /** Of a pending one: the shard whose queue is too full to take it now, or the section, where it needs all shards. */
  readonly waitsFor: ShardId | 'section' | null;
  readonly messages: readonly {
    readonly id: Hash;
    readonly kind: 'call' | 'credit';
    readonly source: ShardId;
    readonly destination: ShardId;
    readonly sequence: bigint;
    readonly value: bigint;
    readonly emittedIn: bigint;
    readonly deliveredIn: bigint | null;
  }[];
}

/** The unlocked accounts of a devnet; none on a validator. */
export interface AccountKeys {
  addresses(): readonly Address[];
  /** 32-byte secret key, or null when the address is not unlocked. */
  privateKey(address: Address): Uint8Array | null;
}

/** Devnet and test controls; loopback only. */
export interface DevnetControl {
  /** Makes `count` blocks even when there is no work; resolves when they are final. */
  mine(count: number): Promise<void>;
  /** Validators that can be stopped and started, numbered from 0. */
  readonly validatorCount: number;
  /** False when it already is in that state. */
  stopValidator(index: number): Promise<boolean>;
  startValidator(index: number): Promise<boolean>;
}

/** What the server is made from. */
export interface RpcBackend {
  readonly clientVersion: string;
  readonly chain: ChainReader;
  readonly calls: CallExecutor;
  readonly traces: TraceExecutor;
  readonly pool: PoolAccess;
  readonly events: ChainEvents;
  readonly shards: ShardReader;
  readonly accounts: AccountKeys;
  /** null outside a devnet. */
  readonly devnet: DevnetControl | null;
}
