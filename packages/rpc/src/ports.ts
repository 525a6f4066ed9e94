import type {
  BlockOverrides,
  CallOutcome,
  CallMessage as CallRequest,
  Results,
  SimulatedBlockRequest as SimulateBlock,
  SimulatedCallRequest as SimulateCall,
  SimulatedBlock,
  SimulatedTransaction,
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
  BlockAccessList,
  BlockHeader,
  ChunkHeader,
  ControlOperation,
  Hash,
  Message,
  Receipt,
  RecoveredTransaction,
  SectionHeader,
  ShardId,
  TupleCertificate,
  ValidatorSet,
} from '@heddle/types';
import type { DevnetFaults } from './fault-ports.ts';

export type {
  BlockOverrides,
  CallOutcome,
  CallRequest,
  SimulateBlock,
  SimulateCall,
  SimulatedBlock,
  SimulatedTransaction,
  StateOverride,
  StateOverrides,
};

/** A final block with what it executed, in block order (shard, then deliveries, then local; the section last). */
export interface FinalBlock {
  readonly block: Block;
  readonly hash: Hash;
  readonly executed: readonly BlockTransaction[];
  /** RLP size of the block with its transactions, bytes. */
  readonly size: number;
}

/** A final block's header alone: cheap to read where nothing of the body is needed. */
export interface HashedHeader {
  readonly header: BlockHeader;
  readonly hash: Hash;
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

export interface StateHistory {
  /** The lowest block whose state is there, and that of all blocks above it. */
  readonly oldest: bigint;
  /** So many of the newest blocks keep theirs; null: all do from `oldest` on, for ever. */
  readonly keptBlocks: number | null;
}

/** An account and slots of it with the trie nodes that prove them, each list in order from its root. */
export interface AccountProof {
  readonly address: Address;
  readonly nonce: bigint;
  readonly balance: bigint;
  readonly codeHash: Hash;
  readonly storageRoot: Hash;
  /** Where it resides: the nodes lead up to that shard's root. */
  readonly shard: ShardId;
  /** State roots of all shards after the block, in shard order: one is the block's stateRoot, several it commits to. */
  readonly stateRoots: readonly Hash[];
  readonly accountProof: readonly Uint8Array[];
  /** In the order in which they were asked for. */
  readonly storageProofs: readonly {
    readonly slot: bigint;
    readonly value: bigint;
    readonly proof: readonly Uint8Array[];
  }[];
}

/** How a contract came to be. */
export interface ContractCreation {
  /** Of the transaction. */
  readonly hash: Hash;
  /** Its sender, or the contract that created it; null where several could have. */
  readonly creator: Address | null;
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
  /** At once, as all that is named by number. */
  blockByNumber(number: bigint): FinalBlock | null;
  blockByHash(hash: Hash): Promise<FinalBlock | null>;
  /** Null above the head. */
  headerByNumber(number: bigint): HashedHeader | null;
  /** Executed, dispatched or pooled. */
  transaction(hash: Hash): Promise<LocatedTransaction | null>;
  /** State after block `number` (≤ head); at once, as it is read without waiting. */
  account(address: Address, number: bigint): AccountView;
  storage(address: Address, slot: bigint, number: bigint): bigint;
  /** EIP-7928: what the whole block touched and changed; null where it is not kept, genesis' for one. */
  accessList(number: bigint): Promise<BlockAccessList | null>;
  /** Hashes of transactions of the block that changed something of the account, by its access list. */
  changing(address: Address, number: bigint): Promise<readonly Hash[]>;
  /** How the contract was created in the block; null where no transaction of it did so. */
  creation(address: Address, number: bigint): Promise<ContractCreation | null>;
  /** Proofs of what `account` and `storage` say. `slots`: at most MAX_PROOF_KEYS. */
  prove(address: Address, slots: readonly bigint[], number: bigint): Promise<AccountProof>;
  /** The shard where the address resides unless a contract was created there by another shard. */
  homeOf(address: Address): ShardId;
  /** Which blocks' state is there. */
  stateHistory(): StateHistory;
  /** Code of any contract that the chain has seen, by its keccak256; null for others. */
  code(hash: Hash): Promise<Uint8Array | null>;
  /** Base fee that a transaction to be included in the next block has to meet, maximum over shards and section. */
  nextBaseFee(): bigint;
  /** Gas limit of one chunk of the next block: the most that one transaction's block part can hold. */
  readonly chunkGasLimit: bigint;
}

/** What eth_simulateV1 executes. */
export interface SimulateRequest {
  readonly blocks: readonly SimulateBlock[];
  readonly traceTransfers: boolean;
  readonly validation: boolean;
  readonly returnFullTransactions: boolean;
}

/**
 * On the union of all shards. Rejects with `Simulation…Error` of @heddle/simulation, and with what reading state throws; when
 * `signal` is aborted the work stops.
 */
export interface CallExecutor {
  /** At once if it is short. Only else somebody waits, and `waiting` is asked for the signal. */
  call(
    request: CallRequest,
    place: CallPlace,
    waiting: { readonly signal: AbortSignal },
  ): CallOutcome | Promise<CallOutcome>;
  /** On success `gasUsed` is the least gas limit with which the request succeeds. */
  estimateGas(request: CallRequest, place: CallPlace, signal: AbortSignal): Promise<CallOutcome>;
  createAccessList(request: CallRequest, place: CallPlace, signal: AbortSignal): Promise<Results['accessList']>;
  /** On the state after block `number`. */
  simulate(request: SimulateRequest, number: bigint, signal: AbortSignal): Promise<Results['simulate']>;
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
  /** The chain ends at `head` now, before anyone can ask; the blocks above are gone. Clients hear of it by the next heads only. */
  onRewind(listener: (head: bigint) => void): () => void;
}

/**
 * Whether blocks come when there is work. A network without work makes none, or only empty ones, and is well. `sinceMs`
 * is wall clock, milliseconds since 1970; `reason` says what is wrong and what to do.
 */
export type ChainStatus =
  | { readonly kind: 'running' }
  /** Final blocks are fetched that this node does not have: heights where it began, where it is, and of the newest it knows of. */
  | { readonly kind: 'syncing'; readonly from: bigint; readonly head: bigint; readonly to: bigint }
  | { readonly kind: 'halted'; readonly reason: string; readonly sinceMs: number; readonly head: bigint };

/** Per-shard facts for shard_*. */
export interface ShardReader {
  readonly shardCount: number;
  topology(): {
    readonly validators: readonly {
      readonly index: number;
      readonly publicKey: Uint8Array;
      readonly running: boolean;
    }[];
    /** Nodes that this one is connected to, or that run beside it in one process. */
    readonly peers: number;
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
  /** Every place of a message, in order of emission; a forwarded one has several. Empty for an unknown id. */
  message(id: Hash): Promise<readonly MessagePlace[]>;
  /** What the shard's next chunk stands on, and how much of it is asked. */
  shardHead(shard: ShardId): ShardHead;
  /** The finalization that makes block `number` final, as far as it is kept here; null for genesis, and where there is none. */
  certificate(number: bigint): BlockCertificate | null;
  /** The newest chunk of the shard in block `number`; null above the head. */
  chunkAt(shard: ShardId, number: bigint): ShardChunk | null;
  /** A final chunk of the shard. */
  chunkByHash(shard: ShardId, hash: Hash): ShardChunk | null;
}

/** A message on its way from one shard to another. */
export interface MessagePlace {
  readonly message: Message;
  readonly emittedIn: bigint;
  /** Null while it waits. */
  readonly deliveredIn: bigint | null;
}

export interface ShardHead {
  readonly blockNumber: bigint;
  /** The shard's newest chunk: of an older block where the shard missed some. */
  readonly header: ChunkHeader;
  /** After the newest block: its section may have moved it on. */
  readonly stateRoot: Hash;
  /** Of the next chunk, wei a gas. */
  readonly nextBaseFeePerGas: bigint;
  /** Heights in a row without a certified chunk. */
  readonly missedHeights: number;
  /** Messages that wait for this shard. */
  readonly queuedMessages: number;
  /** Weight of messages that the next chunk may send each shard, in shard order: 0 means that it is full. */
  readonly allowances: readonly bigint[];
}

/** A finalization, and all that a verifier needs to check it. */
export interface BlockCertificate {
  readonly certificate: TupleCertificate;
  /** The block that it names: the one asked for or a descendant, linked by parentHash. */
  readonly certifiedNumber: bigint;
  /** Who could sign. */
  readonly validators: ValidatorSet;
  /** The 32 bytes that each signer signed. */
  readonly message: Uint8Array;
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

/** When a devnet makes blocks. */
export type MiningMode =
  /** As soon as there is a transaction. */
  | { readonly kind: 'auto' }
  /** When somebody asks for one. */
  | { readonly kind: 'manual' }
  /** Every so many seconds ≥ 1, whatever there is. */
  | { readonly kind: 'interval'; readonly seconds: bigint };

/** Making blocks; what they are made by is consensus, as always. */
export interface DevnetMining {
  mode: MiningMode;
  /**
   * Until there are exactly `count` more blocks, those that come meanwhile included; resolves when they are final. The first takes what waits in the
   * pool. `interval`: seconds that time moves on before each; null lets it be.
   */
  mine(count: bigint, interval: bigint | null): Promise<void>;
}

/** What dates blocks, in seconds. Throws an RpcError for a time before the newest block's. */
export interface DevnetTime {
  readonly nowSeconds: bigint;
  /** Returns how far time is ahead of the system's in all. */
  increase(seconds: bigint): bigint;
  /** Returns by how much time has moved on. */
  set(timestamp: bigint): bigint;
  /** Of the next block; time goes on from there. */
  setNext(timestamp: bigint): void;
  /** From each block to the next, whatever time goes by; null: as time goes. */
  readonly interval: bigint | null;
  setInterval(seconds: bigint | null): void;
}

/** Taking the chain of all validators back, or another way. */
export interface DevnetRewind {
  snapshot(): Promise<bigint>;
  /** False for an id that there is not, or not any more. */
  revert(id: bigint): Promise<boolean>;
  /** To genesis. */
  reset(): Promise<void>;
  dumpState(): Promise<Uint8Array>;
  /** Rejects with an RpcError for what is no dump. */
  loadState(image: Uint8Array): Promise<void>;
}

/** Accounts that a devnet sends for without their keys, contracts too. */
export interface ImpersonatedAccounts {
  /** Whether it sends for the account: one that was added, or any. */
  has(address: Address): boolean;
  /** Those that were added, in that order. */
  addresses(): readonly Address[];
  /** False when it already was there. Throws an RpcError for one account too many, and for one that cannot send. */
  add(address: Address): boolean;
  /** False when it was not there. */
  remove(address: Address): boolean;
  /** Whether it sends for any account. */
  setAll(isOn: boolean): void;
}

/** What the owner of a devnet may do to it, beside transactions. Rejects with an RpcError where it can't be. */
export interface DevnetControl {
  /** Does all of it in one block; resolves when that is final. */
  apply(operations: readonly ControlOperation[]): Promise<void>;
  readonly mining: DevnetMining;
  readonly time: DevnetTime;
  /** Null where this node can't do so. */
  readonly rewind: DevnetRewind | null;
  /** COINBASE of what is made from now on. */
  setCoinbase(address: Address): void;
  /** Takes them out of the pools of all validators; returns their hashes. */
  dropTransactions(isMeant: (transaction: RecoveredTransaction) => boolean): readonly Hash[];
  /** Validators that can be stopped and started, numbered from 0. */
  readonly validatorCount: number;
  /** False when it already is in that state. */
  stopValidator(index: number): Promise<boolean>;
  startValidator(index: number): Promise<boolean>;
  readonly faults: DevnetFaults;
}

/** Lets requests in. For a moment there may be no chain to answer from, while all validators go to another block: then they wait. */
export interface Admission {
  /** Null when it is in at once. */
  enter(): Promise<void> | null;
  /** For each that was let in. */
  leave(): void;
}

/** What the server is made from. */
export interface RpcBackend {
  readonly clientVersion: string;
  readonly admission: Admission;
  readonly chain: ChainReader;
  readonly calls: CallExecutor;
  readonly traces: TraceExecutor;
  readonly pool: PoolAccess;
  readonly events: ChainEvents;
  readonly shards: ShardReader;
  /** As of now. */
  readonly status: () => ChainStatus;
  readonly accounts: AccountKeys;
  /** null outside a devnet. */
  readonly impersonated: ImpersonatedAccounts | null;
  /** null outside a devnet. */
  readonly devnet: DevnetControl | null;
}
