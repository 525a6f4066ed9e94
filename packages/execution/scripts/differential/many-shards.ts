import { BEACON_ROOTS_CODE, HISTORY_STORAGE_CODE } from '@heddle/contracts';
import { bytesToHex, hexToBytes } from '@heddle/primitives';
import { home } from '@heddle/sharding';
import { genesisLayer } from '@heddle/state';
import {
  type Address,
  BEACON_ROOTS_ADDRESS,
  HISTORY_STORAGE_ADDRESS,
  type RecoveredTransaction,
  type ShardId,
} from '@heddle/types';
import { type ExecutedTransaction, executeSection, InvalidTransactionError } from '../../src/index.ts';
import { includeInSection } from '../../src/section/include.ts';
import { closeSection, openSection, type SectionRun } from '../../src/section/section-run.ts';
import type { SectionOutcome } from '../../src/section/types.ts';
import { compileSolidity } from '../compile-solidity.ts';
import { EthereumjsOracle, type OracleBlock, type TransactionFacts } from '../ethereumjs-oracle.ts';
import { Random } from '../random.ts';
import { numbered, RandomWorld } from '../random-block.ts';
import { brokenLaws, printChanges } from '../section-laws.ts';
import type { FlatAccount, FlatState } from '../spread-state.ts';
import { accountsOf, factsOf, PREV_RANDAO } from './one-state.ts';
import { compare, type Report } from './report.ts';
import { Scenario, type ScenarioCode } from './scenario.ts';
import { type BlockPlace, beaconRootAt, blockHashAt, GAS_LIMIT, ShardedChain, timestampAt } from './sharded-chain.ts';

const BLOCK_TRANSACTIONS = 15;
/** Slots of the rings of EIP-2935 and EIP-4788. */
const RING = 8_191n;
/** Nobody names them: chunks whose coinbase lives elsewhere pay only these, since their tips come with the section. */
const TIP_ADDRESSES = [0x719501, 0x719502, 0x719503, 0x719504].map(numbered);

let compiled: ScenarioCode | null = null;

function scenarioCode(): ScenarioCode {
  if (compiled === null) {
    const codeOf = compileSolidity(new URL('Scenario.sol', import.meta.url));
    compiled = { batch: codeOf('Batch'), token: codeOf('Token') };
  }
  return compiled;
}

/** One random world, here on many shards and there on one state. */
class ShardedRun {
  readonly #random: Random;
  readonly #world: RandomWorld;
  readonly #chain: ShardedChain;
  readonly #oracle: EthereumjsOracle;
  readonly #report: Report;
  readonly #name: string;

  private constructor(world: RandomWorld, chain: ShardedChain, oracle: EthereumjsOracle, seed: number, report: Report) {
    this.#random = new Random(seed ^ 0x5ec7);
    this.#world = world;
    this.#chain = chain;
    this.#oracle = oracle;
    this.#report = report;
    this.#name = `shards ${chain.shardCount} seed ${seed}`;
  }

  static async create(seed: number, shardCount: number, report: Report): Promise<ShardedRun> {
    const random = new Random(seed);
    const world = new RandomWorld(random, (wallets, others) => new Scenario(scenarioCode(), wallets, others));
    const accounts = shardedAccounts(world, random);
    const oracle = await EthereumjsOracle.create(blockHashAt);
    for (const [address, account] of accounts) await oracle.putAccount(address, account);
    return new ShardedRun(world, new ShardedChain(accounts, shardCount, seed), oracle, seed, report);
  }

  async addBlock(number: bigint, transactions: number): Promise<void> {
    const random = this.#random;
    const place = { number, timestamp: timestampAt(number) };
    const hasLocal = random.chance(60);
    const fresh = this.#chain.chunks.map((_, shard) => shard).filter(() => random.chance(80));
    const last = random.pick(fresh.length === 0 ? [0] : fresh);
    await this.#oracle.putStorage(HISTORY_STORAGE_ADDRESS, (number - 1n) % RING, BigInt(blockHashAt(number - 1n)));
    let left = transactions;
    const waiting: RecoveredTransaction[] = [];
    for (const shard of fresh) {
      const delay = shard === last ? 0n : BigInt(random.below(12));
      const part = hasLocal ? random.below(left + 1) : 0;
      const { offered, refused } = await this.#addChunk(shard, { ...place, timestamp: place.timestamp - delay }, part);
      left -= offered;
      waiting.push(...refused);
    }
    await this.#putBeaconRoot(place);
    await this.#addSection(place, waiting, left);
    const historyShard = fresh[0];
    if (historyShard !== undefined) await this.#compareStates(number, historyShard);
  }

  /** Returns how many it was offered, at most `count`, and what it refused: it may go to the section. */
  async #addChunk(
    shard: ShardId,
    place: BlockPlace,
    count: number,
  ): Promise<{ readonly offered: number; readonly refused: readonly RecoveredTransaction[] }> {
    const coinbase = this.#chunkCoinbase(shard);
    const outcome = this.#chain.addChunk(shard, place, coinbase, this.#localCandidates(shard, count));
    await this.#putBeaconRoot(place);
    for (const [index, executed] of outcome.executed.entries()) {
      const theirs = await this.#oracle.execute(executed.transaction.raw, oracleBlock(place, coinbase));
      const facts = typeof theirs === 'string' ? theirs : { ...theirs, returnData: '' };
      const where = `${this.#name} block ${place.number} chunk ${shard} transaction ${index}`;
      compare(this.#report, where, executed.transaction, factsOfReceipt(executed), facts);
      this.#report.local++;
    }
    await this.#clearBeaconRoot(place);
    this.#report.remote += outcome.rejected.filter(({ isRemote }) => isRemote).length;
    const refused = outcome.rejected.map(({ transaction }) => transaction);
    return { offered: outcome.included.length + refused.length, refused };
  }

  /** Lives there, or is one of those that nobody looks at. */
  #chunkCoinbase(shard: ShardId): Address {
    const { wallets, unborn } = this.#world;
    const local = [...wallets.map(({ address }) => address), ...unborn, numbered(2), numbered(0xdead01)].filter(
      (address) => home(address, this.#chain.shardCount) === shard && this.#chain.isAtMost(shard, address),
    );
    return this.#random.pick([...local, ...local, ...TIP_ADDRESSES]);
  }

  /** Signed by those at home on `shard`, with the nonces that they have when all before was taken. */
  *#localCandidates(shard: ShardId, count: number): Generator<RecoveredTransaction> {
    const senders = this.#world.wallets.filter(({ address }) => home(address, this.#chain.shardCount) === shard);
    if (senders.length === 0) return;
    const used = new Map<Address, bigint>();
    const nonceOf = (address: Address): bigint => used.get(address) ?? this.#chain.nonce(address);
    for (let made = 0; made < count; made++) {
      let transaction = this.#world.transaction(nonceOf, senders);
      for (let tries = 0; tries < 5 && !this.#aimsAt(shard, transaction); tries++) {
        transaction = this.#world.transaction(nonceOf, senders);
      }
      const { sender, fields } = transaction;
      if (fields.nonce === nonceOf(sender)) used.set(sender, fields.nonce + 1n);
      yield transaction;
    }
  }

  #aimsAt(shard: ShardId, { fields }: RecoveredTransaction): boolean {
    return fields.to === null || this.#chain.isAtMost(shard, fields.to);
  }

  async #addSection(place: BlockPlace, waiting: readonly RecoveredTransaction[], count: number): Promise<void> {
    const coinbase = this.#random.pick(this.#world.addresses);
    const context = this.#chain.sectionContext(place, coinbase);
    const run = openSection(context, this.#chain.states);
    for (const transaction of waiting) await this.#include(run, place, transaction);
    for (let made = 0; made < count; made++) {
      const nonceOf = (address: Address): bigint => run.world.unrecorded.account(address)?.nonce ?? 0n;
      await this.#include(run, place, this.#world.transaction(nonceOf, this.#world.wallets));
    }
    const outcome = closeSection(run, []);
    const where = `${this.#name} block ${place.number}`;
    for (const law of brokenLaws(outcome, this.#chain.states)) this.#report.differences.push(`${where}: ${law}`);
    const bodies = outcome.executed.map(({ transaction }) => transaction);
    const again = executeSection(context, this.#chain.states, bodies);
    if (printOutcome(again) !== printOutcome(outcome)) {
      this.#report.differences.push(`${where}: executing the section again gives something else`);
    }
    countCrossings(this.#report, outcome, this.#chain.shardCount);
    for (const [shard, changes] of outcome.changes.entries()) this.#chain.apply(shard, changes);
  }

  async #include(run: SectionRun, place: BlockPlace, transaction: RecoveredTransaction): Promise<void> {
    const ours = tryInclude(run, transaction);
    if (ours === 'no room') return;
    const where = `${this.#name} block ${place.number} section after ${run.executed.length}`;
    const theirs = await this.#oracle.execute(transaction.raw, oracleBlock(place, run.context.coinbase));
    compare(this.#report, where, transaction, ours, theirs);
  }

  async #compareStates(number: bigint, historyShard: ShardId): Promise<void> {
    try {
      const union = this.#chain.union(historyShard);
      forgetChunkTimes(union, number);
      const ours = genesisLayer(union).root;
      const theirs = await this.#oracle.stateRoot();
      if (ours !== theirs)
        this.#report.differences.push(`${this.#name} block ${number}: root ${ours}, theirs ${theirs}`);
    } catch (error) {
      this.#report.differences.push(`${this.#name} block ${number}: ${String(error)}`);
    }
  }

  async #putBeaconRoot({ number, timestamp }: BlockPlace): Promise<void> {
    const slot = timestamp % RING;
    await this.#oracle.putStorage(BEACON_ROOTS_ADDRESS, slot, timestamp);
    await this.#oracle.putStorage(BEACON_ROOTS_ADDRESS, slot + RING, BigInt(beaconRootAt(number)));
  }

  /** A chunk's own time is in its shard's ring only. */
  async #clearBeaconRoot({ timestamp }: BlockPlace): Promise<void> {
    await this.#oracle.putStorage(BEACON_ROOTS_ADDRESS, timestamp % RING, 0n);
    await this.#oracle.putStorage(BEACON_ROOTS_ADDRESS, (timestamp % RING) + RING, 0n);
  }
}

/** Executes a random world on `shardCount` shards, and compares each transaction, and the union's root after each block. */
export async function runManyShards(
  seed: number,
  transactions: number,
  shardCount: number,
  report: Report,
): Promise<void> {
  const run = await ShardedRun.create(seed, shardCount, report);
  const end = report.transactions + transactions;
  for (let number = 1n; report.transactions < end; number++) {
    await run.addBlock(number, Math.min(end - report.transactions, BLOCK_TRANSACTIONS));
  }
}

/** With the history contracts, and wei at some addresses where a contract may come to life. */
function shardedAccounts(world: RandomWorld, random: Random): ReadonlyMap<Address, FlatAccount> {
  const accounts = accountsOf(world);
  const storage = new Map<bigint, bigint>();
  for (const address of world.unborn) {
    if (random.chance(30)) accounts.set(address, { nonce: 0n, balance: 77n, code: new Uint8Array(0), storage });
  }
  const contract = (code: string & `0x${string}`): FlatAccount => ({
    nonce: 1n,
    balance: 0n,
    code: hexToBytes(code),
    storage,
  });
  accounts.set(HISTORY_STORAGE_ADDRESS, contract(HISTORY_STORAGE_CODE));
  accounts.set(BEACON_ROOTS_ADDRESS, contract(BEACON_ROOTS_CODE));
  return accounts;
}

function tryInclude(run: SectionRun, transaction: RecoveredTransaction): TransactionFacts | string {
  try {
    return factsOf(includeInSection(run, transaction));
  } catch (error) {
    if (!(error instanceof InvalidTransactionError)) throw error;
    const { reason } = error.facts;
    return !run.isOpen || reason.startsWith('gas limit reached') ? 'no room' : reason;
  }
}

function factsOfReceipt({ receipt, gasUsed, contractAddress }: ExecutedTransaction): TransactionFacts {
  return {
    status: receipt.status,
    gasUsed: gasUsed.toString(),
    returnData: '',
    created: contractAddress,
    logs: receipt.logs.map((log) => [log.address, log.topics, bytesToHex(log.data)]),
  };
}

function oracleBlock({ number, timestamp }: BlockPlace, coinbase: Address): OracleBlock {
  return { coinbase, number, timestamp, gasLimit: GAS_LIMIT, prevRandao: PREV_RANDAO, excessBlobGas: 0n };
}

function countCrossings(report: Report, { executed, changes }: SectionOutcome, shardCount: number): void {
  report.crossing += executed.filter(({ isLocal }) => !isLocal).length;
  for (const [shard, { codes, accounts }] of changes.entries()) {
    for (const [address, account] of accounts) {
      const atHome = home(address, shardCount);
      const isNewHere = account !== null && account.nonce === 1n && atHome !== shard;
      if (isNewHere && codes.has(account.codeHash)) report.listed++;
      if (isNewHere && changes[atHome]?.accounts.get(address) === null) report.moved++;
    }
  }
}

/** Of the beacon roots only those at the times of blocks. */
function forgetChunkTimes(union: FlatState, number: bigint): void {
  const words = union.storage.get(BEACON_ROOTS_ADDRESS);
  const times = new Set<bigint>();
  for (let height = 1n; height <= number; height++) times.add(timestampAt(height));
  for (const [slot, value] of words ?? []) {
    if (slot >= RING || times.has(value)) continue;
    words?.delete(slot);
    words?.delete(slot + RING);
  }
}

function printOutcome({ changes, accessLists, gasUsed, burned, executed }: SectionOutcome): string {
  const receipts = executed.map(({ receipt, gasUsed: gas, isLocal }) => [receipt.status, gas.toString(), isLocal]);
  const lists = JSON.stringify(accessLists, (_key, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  );
  return [changes.map(printChanges), lists, gasUsed, burned, JSON.stringify(receipts)].join('\n');
}
