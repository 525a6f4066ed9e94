import { blsScheme, type SignatureScheme } from '@heddle/consensus';
import { weiInFlight } from '@heddle/execution';
import { createMemoryHub, MAX_RANGE_BYTES, type MemoryHub, type PeerId, peerOf, type Transport } from '@heddle/network';
import { bigintToBytes, blsPublicKey, blsSign, keccak256, privateKeyToAddress } from '@heddle/primitives';
import { createSeededRandom, createVirtualTime, type VirtualTime } from '@heddle/runtime';
import { home } from '@heddle/sharding';
import { openValidatorStorage, type ValidatorStorage } from '@heddle/storage';
import {
  type Address,
  type ControlOperation,
  DEFAULT_EPOCH_LENGTH,
  type Genesis,
  type Hash,
  type RecoveredTransaction,
  type ShardId,
  signTransaction,
  type ValidatorIndex,
  ZERO_ADDRESS,
} from '@heddle/types';
import { RUN_AT_ONCE } from '../../src/chain/control-runner.ts';
import type { ExecutedBlock } from '../../src/chain/executed-block.ts';
import { createDevnetGenesis, devnetFeeRecipients, devnetValidatorKeys } from '../../src/genesis/devnet-genesis.ts';
import { type BuiltGenesis, buildGenesis } from '../../src/genesis/genesis-block.ts';
import { SILENT_LOGGER } from '../../src/logger.ts';
import { ValidatorNode } from '../../src/validator-node.ts';
import { type SlowDisk, slowDisk } from './slow-disk.ts';
import { SlowExecutor } from './slow-executor.ts';
import { HONEST, type Tampering, tamperWith } from './tampering.ts';

const START_SECONDS = 1_700_000_000n;
const BALANCE_WEI = 10n ** 21n;
const ACCOUNTS_PER_SHARD = 4;
const FEES = { maxFeePerGas: 100_000_000_000n, maxPriorityFeePerGas: 1_000_000_000n };
/** Longest virtual time that a test waits for anything: several view changes in a row. */
const PATIENCE_MS = 120_000;

export interface NetworkOptions {
  readonly validatorCount: number;
  readonly shardCount: number;
  readonly blockTimeMs: number;
  /** L, blocks. */
  readonly epochLength: bigint;
  /** Nodes with keys that are not in the genesis set; numbered after the validators. */
  readonly spareCount: number;
}

/** One epoch for ever, nobody but its validators. */
export const PLAIN_NETWORK: Pick<NetworkOptions, 'epochLength' | 'spareCount'> = {
  epochLength: BigInt(DEFAULT_EPOCH_LENGTH),
  spareCount: 0,
};

/** What else a test may choose. */
export interface NetworkTerms {
  /** In the place of what a devnet's genesis says; `alloc` comes on top of that. */
  readonly genesis: Partial<Genesis>;
  readonly scheme: SignatureScheme;
  readonly sign: (secretKey: Uint8Array, digest: Uint8Array) => Uint8Array;
}

export const USUAL_TERMS: NetworkTerms = { genesis: {}, scheme: blsScheme, sign: blsSign };

/** A funded account of the test network. */
export interface TestAccount {
  readonly address: Address;
  readonly privateKey: Uint8Array;
  readonly shard: ShardId;
}

/** What a test sends; the rest is filled in. */
export interface Sending {
  readonly from: TestAccount;
  readonly to: Address | null;
  readonly value: bigint;
  readonly data: Uint8Array;
  readonly gasLimit: bigint;
}

/**
 * A whole network in one process on virtual time: real validators, real signatures, real execution; stores, journals
 * and signer records in memory. After each final block of each validator it checks that all have the same block at that
 * height and that no wei was made or lost.
 */
export class TestNetwork {
  readonly time: VirtualTime = createVirtualTime({ startWallMs: Number(START_SECONDS) * 1000 });
  readonly hub: MemoryHub = createMemoryHub({ scheduler: this.time.scheduler });
  readonly genesis: Genesis;
  readonly genesisHash: Hash;
  readonly accounts: readonly TestAccount[];
  /** Errors after which a validator could not go on. Empty in a good run. */
  readonly fatal: string[] = [];
  /** How far the wall clocks of validators are off, milliseconds. */
  readonly skewMs: Map<ValidatorIndex, number> = new Map();
  /** What a write takes until it is there, and once more until its writer knows; virtual milliseconds. */
  diskMs = 0;
  /** What executing a chunk takes at validators that are slow at it, virtual milliseconds. */
  readonly executionMs: Map<ValidatorIndex, number> = new Map();
  /** Payload of a range that validators started from now on answer with, bytes. */
  maxRangeBytes: number = MAX_RANGE_BYTES;
  readonly #terms: NetworkTerms;
  readonly #built: BuiltGenesis;
  readonly #secretKeys: readonly Uint8Array[];
  readonly #storages: readonly ValidatorStorage[];
  readonly #nodes = new Map<ValidatorIndex, ValidatorNode>();
  readonly #disks = new Map<ValidatorIndex, SlowDisk>();
  readonly #finalHashes = new Map<bigint, Hash>();
  readonly #nonces = new Map<Address, bigint>();
  readonly #holders: Set<Address>;
  readonly #supply: bigint;
  #checkedBlocks = 0;

  private constructor(
    options: NetworkOptions,
    terms: NetworkTerms,
    genesis: Genesis,
    secretKeys: readonly Uint8Array[],
    storages: readonly ValidatorStorage[],
    built: BuiltGenesis,
  ) {
    this.genesis = genesis;
    this.#terms = terms;
    this.accounts = testAccounts(options.shardCount);
    this.#secretKeys = secretKeys;
    this.#storages = storages;
    this.#built = built;
    this.genesisHash = built.write.blockHash;
    const recipients = devnetFeeRecipients(secretKeys.length, options.shardCount).flat();
    this.#holders = new Set([...genesis.alloc.keys(), ...recipients, ZERO_ADDRESS]);
    this.#supply = [...genesis.alloc.values()].reduce((sum, { balance }) => sum + balance, 0n);
  }

  static async create(options: NetworkOptions, terms: NetworkTerms = USUAL_TERMS): Promise<TestNetwork> {
    const { validatorCount, shardCount, blockTimeMs, epochLength, spareCount } = options;
    const { genesis: devnet } = createDevnetGenesis({
      chainId: 31_337n,
      validatorCount,
      shardCount,
      blockTimeMs,
      accounts: testAccounts(options.shardCount).map(({ address }) => address),
      balanceWei: BALANCE_WEI,
      timestamp: START_SECONDS,
    });
    const alloc = new Map([...devnet.alloc, ...(terms.genesis.alloc ?? [])]);
    const genesis: Genesis = { ...devnet, epochLength, ...terms.genesis, alloc };
    const secretKeys = devnetValidatorKeys(validatorCount + spareCount);
    const built = buildGenesis(genesis);
    const storages: ValidatorStorage[] = [];
    for (const _ of secretKeys) {
      storages.push(await openValidatorStorage({ directory: null, genesis: built.write }));
    }
    return new TestNetwork(options, terms, genesis, secretKeys, storages, built);
  }

  /** Final blocks, counted once a validator, that were compared and summed up. */
  get checkedBlocks(): number {
    return this.#checkedBlocks;
  }

  /** Highest final block of any running validator. */
  get height(): bigint {
    return [...this.#nodes.values()].reduce((most, { chain }) => max(most, chain.tree.root.height), 0n);
  }

  get running(): ReadonlyMap<ValidatorIndex, ValidatorNode> {
    return this.#nodes;
  }

  node(index: ValidatorIndex): ValidatorNode {
    const node = this.#nodes.get(index);
    if (node === undefined) throw new Error(`validator ${index} does not run`);
    return node;
  }

  secretKey(index: ValidatorIndex): Uint8Array {
    const secretKey = this.#secretKeys[index];
    if (secretKey === undefined) throw new Error(`there is no validator ${index}`);
    return secretKey;
  }

  /** Identity on the transport. */
  peer(index: ValidatorIndex): PeerId {
    return peerOf(blsPublicKey(this.secretKey(index)));
  }

  storage(index: ValidatorIndex): ValidatorStorage {
    const storage = this.#storages[index];
    if (storage === undefined) throw new Error(`there is no validator ${index}`);
    return storage;
  }

  /** The one final block at a height, as the first validator that had it named it. */
  hashAt(height: bigint): Hash | undefined {
    return this.#finalHashes.get(height);
  }

  account(shard: ShardId, position = 0): TestAccount {
    const found = this.accounts.filter((account) => account.shard === shard)[position];
    if (found === undefined) throw new Error(`there is no account ${position} on shard ${shard}`);
    return found;
  }

  async startAll(): Promise<void> {
    for (const index of this.#storages.keys()) await this.start(index);
  }

  /** Starts a validator on its own store, and lets time run until it has started. */
  async start(index: ValidatorIndex, tampering: Tampering = HONEST): Promise<void> {
    await this.#over(`start of validator ${index}`, this.beginStart(index, tampering));
  }

  /** Starts a validator and does not wait: resolves when it has started. */
  beginStart(index: ValidatorIndex, tampering: Tampering = HONEST): Promise<void> {
    const node = this.#create(index, tampering);
    this.#nodes.set(index, node);
    return node.start();
  }

  async stop(index: ValidatorIndex): Promise<void> {
    const node = this.node(index);
    this.#nodes.delete(index);
    await this.#over(`stop of validator ${index}`, node.stop());
  }

  /** The validator's process is killed: it writes and sends nothing from now on. */
  async kill(index: ValidatorIndex): Promise<void> {
    this.#disks.get(index)?.cut();
    const node = this.node(index);
    this.#nodes.delete(index);
    // What waits for the disk never ends.
    void node.stop();
    await this.time.advanceAsync(0);
  }

  /** A bare transport under the identity of a validator that does not run. */
  impersonate(index: ValidatorIndex): Transport {
    return this.hub.transport(this.peer(index));
  }

  /** Counts an address in when wei are summed up. */
  watch(address: Address): void {
    this.#holders.add(address);
  }

  /** Signs with the next nonce that no validator has taken yet. */
  sign({ from, ...terms }: Sending): RecoveredTransaction {
    const nonce = this.#nonces.get(from.address) ?? 0n;
    const { chainId } = this.genesis;
    return signTransaction({ type: 2, chainId, nonce, accessList: [], ...FEES, ...terms }, from.privateKey);
  }

  /** Gives a transaction to one validator, which has to take it. */
  submit(via: ValidatorIndex, sending: Sending): Hash {
    return this.submitSigned(via, this.sign(sending));
  }

  submitSigned(via: ValidatorIndex, transaction: RecoveredTransaction): Hash {
    const added = this.node(via).submit(transaction);
    if (!added.ok) throw new Error(`validator ${via} refused a transaction: ${added.reason}`);
    this.took(transaction);
    return transaction.hash;
  }

  /** Counts a transaction that some validator has taken: the next one signed for its sender follows it. */
  took({ sender, fields }: RecoveredTransaction): void {
    this.#nonces.set(sender, fields.nonce + 1n);
  }

  transfer(via: ValidatorIndex, from: TestAccount, to: Address, value: bigint): Hash {
    return this.submit(via, { from, to, value, data: new Uint8Array(), gasLimit: 21_000n });
  }

  /** Lets so much time pass; a validator that can't go on fails the test. */
  async pass(durationMs: number): Promise<void> {
    await this.time.advanceAsync(durationMs);
    if (this.fatal.length > 0) throw new Error(this.fatal.join('; '));
  }

  /** From now on each frame gets lost with this probability. */
  loseMessages(rate: number): void {
    this.hub.setDropRate(rate, createSeededRandom(1));
  }

  /** Lets time run until `done`; a validator that can't go on, or too long a wait, fails the test. */
  async until(what: string, done: () => boolean, limitMs: number = PATIENCE_MS): Promise<void> {
    const isDone = await this.time.runUntilAsync(() => this.fatal.length > 0 || done(), limitMs);
    if (this.fatal.length > 0) throw new Error(`while waiting for ${what}: ${this.fatal.join('; ')}`);
    if (!isDone) throw new Error(`no ${what} within ${limitMs} ms: ${this.describe()}`);
  }

  /** Has a devnet's owner do something: told to all that run, and final on all of them when it resolves. */
  async control(operations: readonly ControlOperation[]): Promise<void> {
    const nodes = [...this.#nodes.values()];
    const number = nodes.reduce((most, { chain }) => max(most, chain.tree.root.control.nextNumber), 0n);
    for (const node of nodes) node.submitControl({ number, operations });
    const isDone = ({ chain }: ValidatorNode): boolean => chain.tree.root.control.nextNumber > number;
    await this.until(`control operation ${number}`, () => nodes.every(isDone));
  }

  /** All running validators have `hash` in a final block. */
  executed(hash: Hash): Promise<void> {
    const isFinal = (node: ValidatorNode): boolean => node.chain.store.transactionLocation(hash)?.kind === 'executed';
    return this.until(`execution of ${hash}`, () => [...this.#nodes.values()].every(isFinal));
  }

  /** Nothing is left to do for anyone: no timer waits, pools and queues are empty, all have the same head. */
  async idle(): Promise<void> {
    await this.until('rest', () => this.time.pending() === 0);
    const heads = new Set([...this.#nodes.values()].map(({ chain }) => chain.tree.root.hash));
    if (heads.size !== 1) throw new Error(`at rest with several heads: ${this.describe()}`);
    for (const [index, { pool, chain }] of this.#nodes) {
      if (pool.size > 0) throw new Error(`at rest with ${pool.size} transactions in the pool of validator ${index}`);
      const queued = chain.tree.root.shards.reduce((sum, { queue }) => sum + queue.length, 0);
      if (queued > 0) throw new Error(`at rest with ${queued} messages undelivered`);
    }
  }

  describe(): string {
    const nodes = [...this.#nodes].map(([index, { chain, pool }]) => {
      const { height, hash } = chain.tree.root;
      return `${index}: block ${height} ${hash.slice(0, 10)}, ${pool.size} pooled`;
    });
    return `${nodes.join('; ')}; ${this.time.pending()} timers`;
  }

  async close(): Promise<void> {
    for (const index of [...this.#nodes.keys()]) await this.kill(index);
    for (const storage of this.#storages) await storage.close();
  }

  /** Lets time run until `task` is over. */
  async #over(what: string, task: Promise<void>): Promise<void> {
    let isOver = false;
    const ended = task.finally(() => {
      isOver = true;
    });
    await this.until(what, () => isOver);
    await ended;
  }

  #create(index: ValidatorIndex, tampering: Tampering): ValidatorNode {
    const secretKey = this.secretKey(index);
    const { shardCount } = this.genesis;
    const disk = slowDisk(this.storage(index), this.time.scheduler, () => this.diskMs);
    this.#disks.set(index, disk);
    const node = new ValidatorNode({
      publicKey: blsPublicKey(secretKey),
      signDigest: (digest) => this.#terms.sign(secretKey, digest),
      genesis: this.#built,
      signatureScheme: this.#terms.scheme,
      executor: new SlowExecutor(() => this.#execution(index)),
      controlRunner: RUN_AT_ONCE,
      storage: disk.storage,
      transport: tamperWith(this.hub.transport(this.peer(index)), tampering),
      clock: {
        wallMs: () => this.time.clock.wallMs() + (this.skewMs.get(index) ?? 0),
        monotonicMs: () => this.time.clock.monotonicMs(),
      },
      scheduler: this.time.scheduler,
      feeRecipients: devnetFeeRecipients(this.#secretKeys.length, shardCount)[index] ?? [],
      maxRangeBytes: this.maxRangeBytes,
      log: SILENT_LOGGER,
      fatal: (error) => this.fatal.push(`validator ${index}: ${error instanceof Error ? error.stack : String(error)}`),
    });
    node.onFinalBlock((block) => this.#check(index, node, block));
    return node;
  }

  async #execution(index: ValidatorIndex): Promise<void> {
    const ms = this.executionMs.get(index) ?? 0;
    if (ms > 0) await new Promise<void>((resolve) => this.time.scheduler.after(ms, resolve));
  }

  #check(index: ValidatorIndex, node: ValidatorNode, { height, hash, shards, section }: ExecutedBlock): void {
    const changes = [...shards.map(({ executed }) => executed?.outcome.changes), ...(section?.outcome.changes ?? [])];
    for (const change of changes) for (const address of change?.accounts.keys() ?? []) this.watch(address);
    const known = this.#finalHashes.get(height) ?? hash;
    if (known !== hash) throw new Error(`validator ${index} has ${hash} at ${height}, another has ${known}`);
    this.#finalHashes.set(height, hash);
    const missing = this.#supply - this.#sum(node);
    if (missing !== 0n) throw new Error(`block ${height} of validator ${index}: ${missing} wei are missing`);
    this.#checkedBlocks++;
  }

  /** All wei at a validator's head: balances, in flight, burned, less what control operations made. */
  #sum({ chain }: ValidatorNode): bigint {
    let sum = chain.store.burned() - chain.store.minted();
    for (const { state, queue } of chain.tree.root.shards) {
      for (const address of this.#holders) sum += state.account(address)?.balance ?? 0n;
      for (const message of queue) sum += weiInFlight(message);
    }
    return sum;
  }
}

/** Accounts with fixed keys, the same number on each shard. */
export function testAccounts(shardCount: number): readonly TestAccount[] {
  const accounts: TestAccount[] = [];
  const missing = Array.from({ length: shardCount }, () => ACCOUNTS_PER_SHARD);
  for (let seed = 1n; missing.some((count) => count > 0); seed++) {
    const privateKey = keccak256(bigintToBytes(seed, 32));
    const address = privateKeyToAddress(privateKey);
    const shard = home(address, shardCount);
    const count = missing[shard] ?? 0;
    if (count === 0) continue;
    missing[shard] = count - 1;
    accounts.push({ address, privateKey, shard });
  }
  return accounts;
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
