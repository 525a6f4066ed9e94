import { hexToBytes, privateKeyToAddress } from '@heddle/primitives';
import type { SimulateResult, TraceCallsResult, TraceForm, TraceResult } from '@heddle/simulation';
import type {
  AccessList,
  Address,
  ChunkHeader,
  ControlOperation,
  Hash,
  RecoveredTransaction,
  SectionHeader,
} from '@heddle/types';
import { EMPTY_BLOOM, EMPTY_TRIE_ROOT, hashChunkHeader, recoverAuthority, ZERO_HASH } from '@heddle/types';
import type {
  BlockCertificate,
  CallOutcome,
  CallPlace,
  CallRequest,
  ChainStatus,
  DevnetMining,
  FinalBlock,
  HashedHeader,
  ImpersonatedAccounts,
  LocatedTransaction,
  MessagePlace,
  RpcBackend,
  ShardChunk,
  ShardHead,
  SimulateRequest,
  StateHistory,
  SubmitResult,
  TransactionTrace,
} from '../../src/ports.ts';
import { BASE_FEE, CHUNK_GAS_LIMIT, FakeChain, SHARDS, shardOf } from './fake-chain.ts';
import { FakeFaults, FakeRewind, FakeTime } from './fake-control.ts';

/** The first two accounts of the 'test … junk' mnemonic. */
export const KEYS = [
  '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80',
  '0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d',
] as const;
export const ALICE: Address = privateKeyToAddress(hexToBytes(KEYS[0]));
export const BOB: Address = privateKeyToAddress(hexToBytes(KEYS[1]));
export const CHAIN_ID = 31_337n;

const ETHER = 10n ** 18n;

export interface SeenCall extends CallPlace {
  readonly request: CallRequest;
}

/** A test double of the node: the ports over a FakeChain. What a test is to decide is a field that it sets. */
export class FakeNode {
  readonly chain: FakeChain = new FakeChain(
    new Map([
      [ALICE, 10_000n * ETHER],
      [BOB, 10_000n * ETHER],
    ]),
  );
  readonly pool: RecoveredTransaction[] = [];
  /** A block for each transaction, as soon as it is in the pool. */
  automine = true;
  nextBaseFee: bigint = BASE_FEE;
  history: StateHistory = { oldest: 0n, keptBlocks: null };
  /** What the next calls give. */
  outcome: CallOutcome = { kind: 'success', returnData: new Uint8Array(), gasUsed: 21_000n };
  accessList: AccessList = [];
  readonly seenCalls: SeenCall[] = [];
  /** What traces of transactions and blocks are, and what was asked of them. */
  tracedAs: TraceResult = { text: '[]', matched: 0 };
  readonly seenForms: TraceForm[] = [];
  tracedCalls: TraceCallsResult = { kind: 'traced', text: '{}' };
  readonly seenTracedCalls: { readonly calls: unknown; readonly asList: boolean; readonly place: CallPlace }[] = [];
  simulated: SimulateResult = { kind: 'done', blocks: [] };
  readonly seenSimulations: { readonly request: SimulateRequest; readonly number: bigint }[] = [];
  trace: TransactionTrace | null = null;
  messagePlaces: readonly MessagePlace[] = [];
  certificate: BlockCertificate | null = null;
  /** What is told of every chunk. */
  chunkFacts: Omit<ShardChunk, 'header'> = {
    transactionCount: 0,
    dispatchedCount: 0,
    deliveredCount: 0,
    accessList: null,
    execution: null,
  };
  disagreements = 0;
  status: ChainStatus = { kind: 'running' };
  sectionHead: SectionHeader | null = {
    transactionCount: 3,
    bodyRoot: ZERO_HASH,
    transactionsRoot: EMPTY_TRIE_ROOT,
    receiptsRoot: EMPTY_TRIE_ROOT,
    accessListHashes: [ZERO_HASH, ZERO_HASH],
    logsBloom: EMPTY_BLOOM,
    gasUsed: 63_000n,
    gasLimit: 40_000_000n,
    baseFeePerGas: 7n,
    stateRoots: [EMPTY_TRIE_ROOT, EMPTY_TRIE_ROOT],
    outboxRoots: [ZERO_HASH, ZERO_HASH],
  };
  readonly running: boolean[] = [true, true, true, true];
  /** Control operations, in order. */
  readonly applied: ControlOperation[] = [];
  coinbase: Address | null = null;
  readonly minedCounts: (readonly [bigint, bigint | null])[] = [];
  readonly mining: DevnetMining = {
    mode: { kind: 'auto' },
    mine: async (count, interval) => {
      this.minedCounts.push([count, interval]);
      for (let i = 0n; i < count; i++) this.mine();
    },
  };
  readonly time: FakeTime = new FakeTime();
  readonly rewind: FakeRewind = new FakeRewind();
  readonly faults: FakeFaults = new FakeFaults();
  /** How long submit takes, so that concurrent sends overlap, milliseconds. */
  submitDelayMs = 0;
  /** What a send's answer waits for. */
  executed: Promise<void> = Promise.resolve();
  /** What requests wait for. */
  admission: Promise<void> | null = null;
  readonly #blockListeners = new Set<(block: FinalBlock) => void>();
  readonly #pendingListeners = new Set<(transaction: RecoveredTransaction) => void>();
  readonly #rewindListeners = new Set<(head: bigint) => void>();

  /** Puts the pooled transactions into a block and tells it. */
  mine(): FinalBlock {
    const block = this.chain.append(this.pool.splice(0));
    for (const listener of this.#blockListeners) listener(block);
    return block;
  }

  rewound(head: bigint): void {
    for (const listener of this.#rewindListeners) listener(head);
  }

  announce(transaction: RecoveredTransaction): void {
    for (const listener of this.#pendingListeners) listener(transaction);
  }

  get listenerCount(): number {
    return this.#blockListeners.size + this.#pendingListeners.size + this.#rewindListeners.size;
  }

  backend(devnet: boolean): RpcBackend {
    return {
      clientVersion: 'Heddle/test',
      admission: { enter: () => this.admission, leave: () => {} },
      chain: this.#chainReader(),
      calls: {
        call: (request, place) => this.#execute({ request, ...place }),
        estimateGas: (request, place) => this.#execute({ request, ...place }),
        simulate: async (request, number) => {
          this.seenSimulations.push({ request, number });
          return this.simulated;
        },
        createAccessList: async (request, place) => ({
          accessList: this.accessList,
          outcome: await this.#execute({ request, ...place }),
        }),
      },
      traces: {
        transaction: async (hash, form) => {
          this.seenForms.push(form);
          const located = this.#locate(hash);
          return located === null || located.included === null ? null : this.tracedAs;
        },
        block: async (_number, form) => {
          this.seenForms.push(form);
          return this.tracedAs;
        },
        calls: async (calls, asList, place) => {
          this.seenTracedCalls.push({ calls, asList, place });
          return this.tracedCalls;
        },
        console: async () => [],
        consoleUsers: () => [],
      },
      pool: {
        submit: (transaction) => this.#submit(transaction),
        executed: () => this.executed,
        pendingNonce: async (address) => this.#pendingNonce(address),
        pending: () => this.pool,
      },
      events: {
        onBlock: (listener) => register(this.#blockListeners, listener),
        onPendingTransaction: (listener) => register(this.#pendingListeners, listener),
        onRewind: (listener) => register(this.#rewindListeners, listener),
      },
      shards: {
        shardCount: SHARDS,
        supply: () => ({ blockNumber: 7n, burned: 21_000n, inFlight: 5n }),
        topology: () => ({
          peers: this.running.filter((running) => running).length - 1,
          validators: this.running.map((running, index) => ({ index, publicKey: new Uint8Array(48), running })),
          chunkHeads: this.chain.head.block.chunks.map(({ header }) => header),
          sectionHead: this.sectionHead,
          counters: { disagreements: this.disagreements },
        }),
        chunkAt: (shard, number) => this.#chunk(this.chain.blocks[Number(number)]?.block.chunks[shard]?.header),
        chunkByHash: (shard, hash) => {
          const headers = this.chain.blocks.map(({ block }) => block.chunks[shard]?.header);
          return this.#chunk(headers.find((header) => header !== undefined && hashChunkHeader(header) === hash));
        },
        message: async (id) => (this.messagePlaces[0]?.message.id === id ? this.messagePlaces : []),
        shardHead: (shard) => this.#shardHead(shard),
        certificate: (number) => (number === 0n ? null : this.certificate),
        residence: async (address) => ({ home: shardOf(address), residence: 1 }),
        trace: async (hash) => (this.trace?.hash === hash ? this.trace : null),
      },
      status: () => this.status,
      accounts: {
        addresses: () => [ALICE, BOB],
        privateKey: (address) => {
          const index = [ALICE, BOB].indexOf(address);
          const key = KEYS[index];
          return key === undefined ? null : hexToBytes(key);
        },
      },
      impersonated: devnet ? this.#impersonatedAccounts() : null,
      devnet: devnet ? this.#devnetControl() : null,
    };
  }

  #impersonatedAccounts(): ImpersonatedAccounts {
    const added = new Set<Address>();
    let all = false;
    return {
      has: (address) => all || added.has(address),
      addresses: () => [...added],
      add: (address) => added.size < added.add(address).size,
      remove: (address) => added.delete(address),
      setAll: (isOn) => {
        all = isOn;
      },
    };
  }

  #shardHead(shard: number): ShardHead {
    const { block } = this.chain.head;
    const header = block.chunks[shard]?.header;
    if (header === undefined) throw new Error(`no shard ${shard}`);
    return {
      blockNumber: block.header.number,
      header,
      stateRoot: EMPTY_TRIE_ROOT,
      nextBaseFeePerGas: 8n,
      missedHeights: 2,
      queuedMessages: 3,
      allowances: [4n, 0n],
    };
  }

  #chunk(header: ChunkHeader | undefined): ShardChunk | null {
    return header === undefined ? null : { header, ...this.chunkFacts };
  }

  #header(block: FinalBlock | undefined): HashedHeader | null {
    return block === undefined ? null : { header: block.block.header, hash: block.hash };
  }

  #chainReader(): RpcBackend['chain'] {
    return {
      chainId: CHAIN_ID,
      chunkGasLimit: CHUNK_GAS_LIMIT,
      head: () => this.chain.head,
      blockByNumber: (number) => this.chain.blocks[Number(number)] ?? null,
      headerByNumber: (number) => this.#header(this.chain.blocks[Number(number)]),
      blockByHash: async (hash) => this.chain.blocks.find((block) => block.hash === hash) ?? null,
      transaction: async (hash) => this.#locate(hash),
      account: (address, number) => this.chain.view(address, number),
      storage: (address, slot, number) => this.chain.state(address, number).storage.get(slot) ?? 0n,
      prove: async (address, slots, number) => {
        const nodes = [Uint8Array.of(0xc0)];
        const { storage } = this.chain.state(address, number);
        return {
          address,
          ...this.chain.view(address, number),
          shard: shardOf(address),
          stateRoots: [EMPTY_TRIE_ROOT, ZERO_HASH],
          accountProof: nodes,
          storageProofs: slots.map((slot) => ({ slot, value: storage.get(slot) ?? 0n, proof: nodes })),
        };
      },
      accessList: async (number) => this.chain.accessList(Number(number)),
      changing: async (address, number) => this.chain.changing(address, Number(number)),
      creation: async (address, number) => this.chain.creation(address, Number(number)),
      homeOf: shardOf,
      stateHistory: () => this.history,
      code: async (hash) => this.chain.code(hash),
      nextBaseFee: () => this.nextBaseFee,
    };
  }

  #devnetControl(): RpcBackend['devnet'] {
    const change = async (index: number, running: boolean): Promise<boolean> => {
      if (this.running[index] !== !running) return false;
      this.running[index] = running;
      return true;
    };
    return {
      apply: async (operations) => {
        this.applied.push(...operations);
      },
      mining: this.mining,
      time: this.time,
      rewind: this.rewind,
      setCoinbase: (coinbase) => {
        this.coinbase = coinbase;
      },
      dropTransactions: (isMeant) => {
        const meant = this.pool.filter(isMeant);
        for (const transaction of meant) this.pool.splice(this.pool.indexOf(transaction), 1);
        return meant.map(({ hash }) => hash);
      },
      validatorCount: 4,
      stopValidator: (index) => change(index, false),
      startValidator: (index) => change(index, true),
      faults: this.faults,
    };
  }

  async #execute(call: SeenCall): Promise<CallOutcome> {
    this.seenCalls.push(call);
    return this.outcome;
  }

  #locate(hash: Hash): LocatedTransaction | null {
    for (const block of this.chain.blocks) {
      const entry = block.executed.find(({ transaction }) => transaction.hash === hash);
      if (entry !== undefined) return { transaction: entry.transaction, included: { block, entry } };
    }
    const pooled = this.pool.find((transaction) => transaction.hash === hash);
    return pooled === undefined ? null : { transaction: pooled, included: null };
  }

  #pendingNonce(address: Address): bigint {
    const own = new Set(this.pool.filter(({ sender }) => sender === address).map(({ fields }) => fields.nonce));
    let nonce = this.chain.view(address, this.chain.head.block.header.number).nonce;
    while (own.has(nonce)) nonce += 1n;
    return nonce;
  }

  async #submit(transaction: RecoveredTransaction): Promise<SubmitResult> {
    if (this.submitDelayMs > 0) await new Promise((resolve) => setTimeout(resolve, this.submitDelayMs));
    const { fields, hash, sender } = transaction;
    const expected = this.#pendingNonce(sender);
    if (this.#locate(hash) !== null) return { ok: false, reason: 'already known' };
    if (fields.nonce < expected) {
      return { ok: false, reason: `nonce too low: next nonce ${expected}, tx nonce ${fields.nonce}` };
    }
    const price = 'gasPrice' in fields ? fields.gasPrice : fields.maxFeePerGas;
    if (this.chain.view(sender, this.chain.head.block.header.number).balance < fields.value + fields.gasLimit * price) {
      return { ok: false, reason: 'insufficient funds for gas * price + value: address has too little' };
    }
    if (fields.type === 4) fields.authorizationList.forEach(recoverAuthority);
    this.pool.push(transaction);
    this.announce(transaction);
    if (this.automine) this.mine();
    return { ok: true, hash };
  }
}

function register<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}
