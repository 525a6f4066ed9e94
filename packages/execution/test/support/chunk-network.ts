import { BEACON_ROOTS_CODE, DIRECTORY_CODE, HISTORY_STORAGE_CODE, MESSENGER_CODE } from '@heddle/contracts';
import { hexToBytes, keccak256Hex } from '@heddle/primitives';
import {
  CODE_REPLICAS,
  createShardRules,
  extendQueue,
  type GenesisContract,
  genesisDirectoryWrites,
  home,
  messagesTo,
  rememberPlaces,
  residenceAmong,
  type ShardRules,
  WHOLE_REPLICAS,
} from '@heddle/sharding';
import { createLayer, genesisLayer, type StateChanges, type StateSnapshot } from '@heddle/state';
import {
  type Address,
  BEACON_ROOTS_ADDRESS,
  type BlockHeader,
  type ChunkHeader,
  DIRECTORY_ADDRESS,
  EMPTY_BLOOM,
  EMPTY_CODE_HASH,
  EMPTY_OMMERS_HASH,
  EMPTY_REQUESTS_HASH,
  EMPTY_TRIE_ROOT,
  type Hash,
  HISTORY_STORAGE_ADDRESS,
  hashBlockHeader,
  hashChunkHeader,
  MESSENGER_ADDRESS,
  type Message,
  type RecoveredTransaction,
  type SectionHeader,
  type ShardId,
  ZERO_ADDRESS,
  ZERO_HASH,
} from '@heddle/types';
import {
  assembleBlockHeader,
  assembleChunkHeader,
  assembleSectionHeader,
  blockTimestamp,
  type ChunkContext,
  type ChunkOutcome,
  chunkRoots,
  executeChunk,
  executeSection,
  gasTarget,
  genesisChunkHeader,
  genesisSectionHeader,
  missedHeights,
  mixRandao,
  nextBaseFee,
  produceChunk,
  type RejectedTransaction,
  SectionBuilder,
  type SectionContext,
  type SectionInBlock,
  type SectionOutcome,
  sectionBaseFee,
  sectionSupplyChange,
  sendAllowances,
  supplyChange,
  weiInFlight,
} from '../../src/index.ts';

/** What a test network starts from. */
export interface NetworkOptions {
  readonly shardCount: number;
  readonly balances: ReadonlyMap<Address, bigint>;
  readonly contracts: readonly NetworkContract[];
  /** Of each chunk, and of the section. */
  readonly gasLimit: bigint;
  readonly baseFeePerGas: bigint;
  readonly dispatch: boolean;
}

/** A contract that is there from the start. */
export interface NetworkContract extends GenesisContract {
  readonly code: Uint8Array;
}

/** What one block is made of. */
export interface BlockPlan {
  /** Candidates of each shard. */
  readonly candidates: readonly (readonly RecoveredTransaction[])[];
  /** Shards without a chunk. */
  readonly missing: ReadonlySet<ShardId>;
  /** By shard. The section's is that of shard 0. */
  readonly coinbases: readonly Address[];
}

interface Block {
  readonly header: BlockHeader;
  readonly hash: Hash;
  readonly outcomes: readonly (ChunkOutcome | null)[];
  /** Null with one shard, and in the genesis block. */
  readonly section: SectionOutcome | null;
}

const REVEAL = new Uint8Array(192);
const VALIDATORS_HASH: Hash = `0x${'5e'.repeat(32)}`;

/**
 * All shards of a network in memory, block after block, with every law checked that holds for every block. With several
 * shards each block has a section, which takes what its chunks found to be remote.
 */
export class ChunkNetwork {
  readonly shardCount: number;
  readonly rules: readonly ShardRules[];
  readonly blocks: Block[];
  states: StateSnapshot[];
  chunks: ChunkHeader[];
  queues: readonly (readonly Message[])[];
  burned = 0n;
  readonly #dispatch: boolean;
  readonly #genesisSupply: bigint;
  readonly #known: Set<Address>[];
  #section: SectionHeader | null;

  constructor(options: NetworkOptions) {
    const { shardCount, gasLimit, baseFeePerGas, dispatch } = options;
    this.#dispatch = dispatch;
    const shards = Array.from({ length: shardCount }, (_, shard) => shard);
    this.shardCount = shardCount;
    this.rules = shards.map((shard) => createShardRules({ shard, shardCount }));
    const genesis = shards.map((shard) => genesisChanges(options, shard));
    this.states = genesis.map((changes) => genesisLayer(changes));
    this.#known = genesis.map((changes) => new Set(changes.accounts.keys()));
    this.queues = shards.map(() => []);
    this.chunks = shards.map((shard) =>
      genesisChunkHeader({
        shard,
        shardCount,
        stateRoot: this.state(shard).root,
        gasLimit,
        baseFeePerGas,
        timestamp: 1_000n,
      }),
    );
    const header = genesisHeader(this.chunks);
    const roots = this.states.map(({ root }) => root);
    this.#section = shardCount === 1 ? null : genesisSectionHeader(roots, gasLimit, baseFeePerGas);
    this.blocks = [{ header, hash: hashBlockHeader(header), outcomes: shards.map(() => null), section: null }];
    this.#genesisSupply = this.supply();
  }

  get head(): Block {
    return defined(this.blocks.at(-1));
  }

  state(shard: ShardId): StateSnapshot {
    return defined(this.states[shard]);
  }

  home(address: Address): ShardId {
    return home(address, this.shardCount);
  }

  /** Balance at the residence. */
  balance(address: Address): bigint {
    return this.state(this.residence(address)).account(address)?.balance ?? 0n;
  }

  residence(address: Address): ShardId {
    return residenceAmong(this.states, address, rememberPlaces(this.shardCount));
  }

  nonce(address: Address): bigint {
    return this.state(this.home(address)).account(address)?.nonce ?? 0n;
  }

  /** What chunk execution of `shard` sees on the head. */
  context(shard: ShardId, coinbase: Address): ChunkContext {
    const { header, hash } = this.head;
    const parentChunk = defined(this.chunks[shard]);
    return {
      chainId: 31_337n,
      shard,
      shardCount: this.shardCount,
      height: header.number + 1n,
      timestamp: header.timestamp + 1n,
      coinbase,
      prevRandao: mixRandao(header.mixHash, REVEAL),
      parentBlockHash: hash,
      parentBeaconBlockRoot: VALIDATORS_HASH,
      parentChunk,
      parentChunkHash: hashChunkHeader(parentChunk),
      gasLimit: parentChunk.gasLimit,
      baseFees: this.chunks.map(nextBaseFee),
      allowances: sendAllowances({ shard, height: header.number + 1n }, this.chunks),
      ancestor: (height) => {
        const block = this.blocks[Number(height)];
        if (height < 0n || block === undefined) return null;
        const { timestamp, parentBeaconBlockRoot } = block.header;
        return { hash: block.hash, timestamp, parentBeaconBlockRoot };
      },
      dispatch: this.#dispatch,
      queue: defined(this.queues[shard]),
    };
  }

  /** Makes a block and checks it: executing gives what producing gave, and no wei was made or lost. */
  addBlock(plan: BlockPlan): readonly (ChunkOutcome | null)[] {
    const shards = Array.from({ length: this.shardCount }, (_, shard) => shard);
    const contexts = shards.map((shard) => this.context(shard, plan.coinbases[shard] ?? ZERO_ADDRESS));
    const outcomes = shards.map((shard) =>
      plan.missing.has(shard) ? null : this.#produce(defined(contexts[shard]), plan.candidates[shard] ?? []),
    );
    for (const shard of shards) {
      const outcome = outcomes[shard];
      if (outcome !== null && outcome !== undefined) this.#adopt(defined(contexts[shard]), outcome);
    }
    const rejected = outcomes.flatMap((outcome) => outcome?.rejected ?? []);
    const section = this.#addSection(plan.coinbases[0] ?? ZERO_ADDRESS, sectionCandidates(rejected));
    const header = assembleBlockHeader({
      parent: this.head.header,
      prevRandao: mixRandao(this.head.header.mixHash, REVEAL),
      parentBeaconBlockRoot: VALIDATORS_HASH,
      view: this.head.header.number + 1n,
      leader: 0,
      randaoReveal: REVEAL,
      chunks: this.chunks.map((chunk) => ({ header: chunk, certificate: null })),
      gasLimit: null,
      section: section?.inBlock ?? null,
    });
    this.blocks.push({ header, hash: hashBlockHeader(header), outcomes, section: section?.outcome ?? null });
    const emitted = outcomes.flatMap((outcome) => outcome?.outbox ?? []);
    this.queues = this.queues.map((queue, shard) =>
      extendQueue(queue, outcomes[shard]?.delivered ?? [], messagesTo(emitted, shard)),
    );
    this.checkSupply();
    return outcomes;
  }

  /** Adds empty blocks, at least one, until nothing is in flight. */
  drain(): number {
    this.addBlock({ candidates: [], missing: new Set(), coinbases: [] });
    let blocks = 1;
    while (this.queues.some((queue) => queue.length > 0)) {
      if (blocks > 200) throw new Error('messages keep going round');
      this.addBlock({ candidates: [], missing: new Set(), coinbases: [] });
      blocks += 1;
    }
    return blocks;
  }

  /** Sum of all balances on all shards. */
  supply(): bigint {
    let sum = 0n;
    for (const [shard, known] of this.#known.entries()) {
      for (const address of known) sum += this.state(shard).account(address)?.balance ?? 0n;
    }
    return sum;
  }

  checkSupply(): void {
    const inFlight = this.queues.flat().reduce((sum, message) => sum + weiInFlight(message), 0n);
    const total = this.supply() + inFlight + this.burned;
    if (total !== this.#genesisSupply) throw new Error(`supply is off by ${total - this.#genesisSupply} wei`);
  }

  /** Every account that is on another shard than where it resides, as a shard that is asked would say it. */
  strayAccounts(): readonly { readonly shard: ShardId; readonly address: Address }[] {
    return this.#known.flatMap((known, shard) =>
      [...known]
        .filter((address) => !WHOLE_REPLICAS.has(address) && this.#isThere(shard, address))
        .filter((address) => this.residence(address) !== shard || this.#seenFrom(shard, address) !== shard)
        .map((address) => ({ shard, address })),
    );
  }

  #seenFrom(shard: ShardId, address: Address): ShardId {
    return defined(this.rules[shard]).residence(this.state(shard), address);
  }

  /** Code replicas have their code and nonce everywhere, and their balance at home. */
  #isThere(shard: ShardId, address: Address): boolean {
    const account = this.state(shard).account(address);
    return CODE_REPLICAS.has(address) ? (account?.balance ?? 0n) > 0n : account !== null;
  }

  /** What the chunks found to be remote, and what was behind it in its sender's order; null with one shard. */
  #addSection(
    coinbase: Address,
    candidates: readonly RecoveredTransaction[],
  ): { readonly outcome: SectionOutcome; readonly inBlock: SectionInBlock } | null {
    const parent = this.#section;
    if (parent === null) return null;
    const context = this.#sectionContext(parent, coinbase);
    const builder = new SectionBuilder(context, this.states);
    for (const candidate of candidates) builder.offer(candidate);
    const outcome = builder.finish();
    const included = outcome.executed.map(({ transaction }) => transaction);
    const executed = executeSection(context, this.states, included);
    const [mine, theirs] = [outcome, executed].map((each) => this.#sectionHeaderOf(context, each));
    if (
      mine === undefined ||
      theirs?.bodyRoot !== mine.bodyRoot ||
      theirs.stateRoots.join() !== mine.stateRoots.join()
    ) {
      throw new Error(`the section at ${context.height}: executing it gives another header than producing it`);
    }
    const created = sectionSupplyChange(outcome, this.states);
    if (created !== 0n) throw new Error(`the section at ${context.height}: ${created} wei came out of nowhere`);
    this.#applyAll(outcome.changes);
    this.burned += outcome.burned;
    this.#section = mine;
    return { outcome, inBlock: { header: mine, coinbase } };
  }

  #sectionContext(parent: SectionHeader, coinbase: Address): SectionContext {
    const { ancestor, chainId, height, prevRandao, parentBeaconBlockRoot } = this.context(0, coinbase);
    const fresh = this.chunks.filter((chunk) => chunk.height === height);
    return {
      chainId,
      height,
      timestamp: blockTimestamp(this.head.header, fresh),
      coinbase,
      prevRandao,
      parentBeaconBlockRoot,
      gasLimit: parent.gasLimit,
      baseFeePerGas: sectionBaseFee(parent),
      ancestor,
      chunks: this.chunks,
    };
  }

  #sectionHeaderOf(context: SectionContext, outcome: SectionOutcome): SectionHeader {
    const roots = outcome.changes.map((changes, shard) => createLayer(this.state(shard), changes).root);
    return assembleSectionHeader(context, outcome, roots, null);
  }

  #applyAll(changes: readonly StateChanges[]): void {
    this.states = this.states.map((state, shard) => createLayer(state, defined(changes[shard])));
    for (const [shard, { accounts }] of changes.entries()) {
      for (const address of accounts.keys()) this.#known[shard]?.add(address);
    }
  }

  #produce(context: ChunkContext, candidates: readonly RecoveredTransaction[]): ChunkOutcome {
    const { shard } = context;
    const rules = defined(this.rules[shard]);
    const target = gasTarget(context.gasLimit, missedHeights(context));
    const produced = produceChunk(context, this.state(shard), rules, candidates, target);
    const executed = executeChunk(context, this.state(shard), rules, produced.included);
    const [mine, theirs] = [produced, executed].map((outcome) => this.#headerOf(context, outcome));
    if (mine === undefined || theirs === undefined || hashChunkHeader(mine) !== hashChunkHeader(theirs)) {
      throw new Error(
        `shard ${shard} at ${context.height}: executing the chunk gives another header than producing it`,
      );
    }
    const { total } = supplyChange(produced, this.state(shard));
    if (total !== 0n) throw new Error(`shard ${shard} at ${context.height}: ${total} wei came out of nowhere`);
    return produced;
  }

  #adopt(context: ChunkContext, outcome: ChunkOutcome): void {
    const { shard } = context;
    const header = this.#headerOf(context, outcome);
    this.chunks = this.chunks.map((chunk) => (chunk.shard === shard ? header : chunk));
    this.states = this.states.map((state, index) => (index === shard ? createLayer(state, outcome.changes) : state));
    for (const address of outcome.changes.accounts.keys()) this.#known[shard]?.add(address);
    this.burned += outcome.burned;
  }

  #headerOf(context: ChunkContext, outcome: ChunkOutcome): ChunkHeader {
    const { root } = createLayer(this.state(context.shard), outcome.changes);
    return assembleChunkHeader(context, outcome, chunkRoots(outcome, this.shardCount), root, 0);
  }
}

function sectionCandidates(rejected: readonly RejectedTransaction[]): readonly RecoveredTransaction[] {
  return rejected
    .filter(({ isRemote, reason }) => isRemote || reason.startsWith('nonce too high'))
    .map(({ transaction }) => transaction);
}

function genesisChanges(options: NetworkOptions, shard: ShardId): StateChanges {
  const { shardCount } = options;
  const codes = new Map<Hash, Uint8Array>();
  const accounts = new Map<Address, { nonce: bigint; balance: bigint; codeHash: Hash }>();
  const addContract = (address: Address, code: Uint8Array): void => {
    const codeHash = keccak256Hex(code);
    codes.set(codeHash, code);
    accounts.set(address, { nonce: 1n, balance: options.balances.get(address) ?? 0n, codeHash });
  };
  for (const [address, balance] of options.balances) {
    if (home(address, shardCount) === shard) accounts.set(address, { nonce: 0n, balance, codeHash: EMPTY_CODE_HASH });
  }
  for (const { address, shard: residence, code } of options.contracts) {
    if (residence === shard) addContract(address, code);
  }
  addContract(BEACON_ROOTS_ADDRESS, hexToBytes(BEACON_ROOTS_CODE));
  addContract(HISTORY_STORAGE_ADDRESS, hexToBytes(HISTORY_STORAGE_CODE));
  if (shardCount > 1) addContract(DIRECTORY_ADDRESS, hexToBytes(DIRECTORY_CODE));
  if (shardCount > 1) addContract(MESSENGER_ADDRESS, hexToBytes(MESSENGER_CODE));
  const words = genesisDirectoryWrites(options.contracts, shard, shardCount).map(
    ({ slot, value }) => [slot, value] as const,
  );
  return { accounts, codes, storage: new Map(shardCount > 1 ? [[DIRECTORY_ADDRESS, new Map(words)]] : []) };
}

function genesisHeader(chunks: readonly ChunkHeader[]): BlockHeader {
  const first = defined(chunks[0]);
  return {
    parentHash: ZERO_HASH,
    ommersHash: EMPTY_OMMERS_HASH,
    coinbase: ZERO_ADDRESS,
    stateRoot: first.stateRoot,
    transactionsRoot: EMPTY_TRIE_ROOT,
    receiptsRoot: EMPTY_TRIE_ROOT,
    logsBloom: EMPTY_BLOOM,
    difficulty: 0n,
    number: 0n,
    gasLimit: first.gasLimit * BigInt(chunks.length),
    gasUsed: 0n,
    timestamp: first.timestamp,
    extraData: new Uint8Array(0),
    mixHash: ZERO_HASH,
    nonce: new Uint8Array(8),
    baseFeePerGas: first.baseFeePerGas,
    withdrawalsRoot: EMPTY_TRIE_ROOT,
    blobGasUsed: 0n,
    excessBlobGas: 0n,
    parentBeaconBlockRoot: VALIDATORS_HASH,
    requestsHash: EMPTY_REQUESTS_HASH,
  };
}

function defined<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the test network has no such shard or block');
  return value;
}
