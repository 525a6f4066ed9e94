import { bytesToHex, keccak256, utf8ToBytes } from '@heddle/primitives';
import type { Address, RecoveredTransaction, ShardId } from '@heddle/types';
import { ChunkNetwork } from './chunk-network.ts';
import {
  COUNTER,
  creationAddress,
  DELEGATOR,
  DESTROYER,
  FACTORY,
  FORWARDER,
  initCodeOf,
  OBSERVER,
  REFUNDER,
  REVERTER,
  wordOf,
} from './chunk-programs.ts';
import { transactionOf } from './chunk-transactions.ts';

/** What a random run went through, so that a test can tell that it met what it is about. */
export interface RandomReport {
  readonly included: number;
  readonly executedHere: number;
  readonly dispatched: number;
  readonly failed: number;
  readonly rejected: number;
  readonly created: number;
  readonly messages: { readonly call: number; readonly credit: number };
  /** Executed in sections. */
  readonly global: number;
  /** Contracts that live on another shard than the home of their address. */
  readonly listed: number;
  readonly missedChunks: number;
  readonly drainBlocks: number;
  /** Laws that did not hold; empty when all is well. */
  readonly violations: readonly string[];
}

const PROGRAMS = [FORWARDER, COUNTER, REVERTER, FACTORY, DESTROYER, REFUNDER, DELEGATOR, OBSERVER];
const GAS_LIMITS = [21_000n, 25_000n, 60_000n, 150_000n, 400_000n];
const ETHER = 10n ** 18n;

/** A seeded run: random blocks, then empty ones until nothing is in flight. The network checks each block itself. */
export function runRandomNetwork(
  seed: number,
  shardCount: number,
  blockCount: number,
  dispatch: boolean,
): RandomReport {
  const random = randomNumbers(seed);
  const people = Array.from({ length: 12 }, (_, i) => namedAddress(`person ${seed} ${i}`));
  const contracts = Array.from({ length: PROGRAMS.length * 2 }, (_, i) => ({
    address: namedAddress(`contract ${seed} ${i}`),
    shard: random(shardCount),
    code: PROGRAMS[i % PROGRAMS.length] ?? COUNTER,
  }));
  const network = new ChunkNetwork({
    shardCount,
    balances: new Map(people.map((address) => [address, 1_000n * ETHER])),
    contracts,
    gasLimit: 3_000_000n,
    baseFeePerGas: 1_000_000_000n,
    dispatch,
  });
  const targets = [...people, ...contracts.map(({ address }) => address)];
  let missedChunks = 0;
  for (let block = 0; block < blockCount; block += 1) {
    const missing = new Set<ShardId>();
    for (let shard = 0; shard < shardCount; shard += 1) if (shardCount > 1 && random(6) === 0) missing.add(shard);
    missedChunks += missing.size;
    const coinbases = Array.from({ length: shardCount }, () => pick(random, people));
    const candidates = randomCandidates(random, network, people, targets);
    network.addBlock({ candidates, missing, coinbases });
    const { outcomes, section } = network.head;
    for (const executed of [...outcomes, section].map((outcome) => outcome?.executed ?? []))
      for (const { contractAddress } of executed) if (contractAddress !== null) targets.push(contractAddress);
  }
  return report(network, missedChunks, network.drain());
}

function randomCandidates(
  random: (below: number) => number,
  network: ChunkNetwork,
  people: readonly Address[],
  targets: Address[],
): readonly (readonly RecoveredTransaction[])[] {
  const candidates: RecoveredTransaction[][] = Array.from({ length: network.shardCount }, () => []);
  const nonces = new Map<Address, bigint>();
  for (let i = random(8 * network.shardCount); i >= 0; i -= 1) {
    const from = pick(random, people);
    const nonce = nonces.get(from) ?? network.nonce(from);
    nonces.set(from, nonce + 1n);
    // Now and then to a contract that does not exist yet, so that value waits where it comes to life.
    if (random(3) === 0) targets.push(creationAddress(from, nonce + BigInt(random(2))));
    candidates[network.home(from)]?.push(randomTransaction(random, from, nonce, targets));
  }
  return candidates;
}

function randomTransaction(
  random: (below: number) => number,
  from: Address,
  nonce: bigint,
  targets: readonly Address[],
): RecoveredTransaction {
  const creates = random(5) === 0;
  const argument = random(8) === 0 ? namedAddress(`fresh ${random(1_000)}`) : pickTarget(random, targets);
  const data = creates || random(3) === 0 ? initCodeOf(pick(random, PROGRAMS)) : wordOf(argument);
  const to = creates ? null : random(20) === 0 ? (`0x${'0'.repeat(39)}2` as const) : pickTarget(random, targets);
  return transactionOf({
    from,
    nonce,
    to,
    value: random(3) === 0 ? 0n : BigInt(random(1_000_000)) * 10n ** 10n,
    data: to !== null && random(3) === 0 ? new Uint8Array(0) : data,
    gasLimit: pick(random, GAS_LIMITS),
    maxFeePerGas: 100n * 10n ** 9n,
    maxPriorityFeePerGas: BigInt(random(3)) * 10n ** 9n,
  });
}

function report(network: ChunkNetwork, missedChunks: number, drainBlocks: number): RandomReport {
  const outcomes = network.blocks.flatMap(({ outcomes: each }) => each.flatMap((outcome) => outcome ?? []));
  const executed = outcomes.flatMap((outcome) => outcome.executed);
  const global = network.blocks.flatMap(({ section }) => section?.executed ?? []);
  const created = [...executed, ...global].flatMap(({ contractAddress }) => contractAddress ?? []);
  const messages = outcomes.flatMap((outcome) => outcome.outbox);
  const countOf = (kind: string): number => messages.filter((message) => message.kind === kind).length;
  return {
    included: outcomes.flatMap((outcome) => outcome.included).length,
    executedHere: executed.filter(({ deliveredBy }) => deliveredBy === null).length,
    dispatched: outcomes.flatMap((outcome) => outcome.dispatched).length,
    failed: executed.filter(({ receipt }) => receipt.status === 0).length,
    rejected: outcomes.flatMap((outcome) => outcome.rejected).length,
    created: created.length,
    messages: { call: countOf('call'), credit: countOf('credit') },
    global: global.length,
    listed: created.filter((address) => network.residence(address) !== network.home(address)).length,
    missedChunks,
    drainBlocks,
    violations: violations(network),
  };
}

/** The laws that hold once nothing is in flight. */
function violations(network: ChunkNetwork): readonly string[] {
  const found: string[] = [];
  const outcomes = network.blocks.flatMap(({ outcomes: each }) => each.flatMap((outcome) => outcome ?? []));
  const executed = outcomes.flatMap((outcome) => outcome.executed);
  const global = network.blocks.flatMap(({ section }) => section?.executed ?? []);
  const hashes = executed.map(({ transaction }) => transaction.hash);
  const included = outcomes.flatMap((outcome) => outcome.included.map(({ hash }) => hash));
  const all = [...hashes, ...global.map(({ transaction }) => transaction.hash)];
  if (new Set(all).size !== all.length) found.push('a transaction has two receipts');
  if ([...included].sort().join() !== [...hashes].sort().join()) found.push('an included transaction has no receipt');
  for (const { shard, address } of network.strayAccounts()) found.push(`${address} is on shard ${shard}`);
  const messages = outcomes.flatMap((outcome) => outcome.outbox);
  const delivered = outcomes.flatMap((outcome) => outcome.delivered);
  const places = (list: typeof messages): string =>
    list
      .map((m) => `${m.source}>${m.destination}#${m.sequence}`)
      .sort()
      .join();
  if (places(messages) !== places(delivered)) found.push('a message was lost or came twice');
  const contents = new Set(messages.map((m) => `${m.id} ${m.kind} ${m.target} ${m.value}`));
  if (contents.size !== new Set(messages.map(({ id }) => id)).size) found.push('two messages have the same id');
  for (const [shard, rules] of network.rules.entries()) {
    for (const [source, cursor] of rules.inboundCursors(network.state(shard)).entries()) {
      const count = delivered.filter((m) => m.source === source && m.destination === shard).length;
      if (cursor !== BigInt(count)) found.push(`cursor ${source} → ${shard} is ${cursor} after ${count} messages`);
    }
  }
  for (const { gasUsed, gasLimit } of network.blocks.map(({ header }) => header)) {
    if (gasUsed > gasLimit) found.push(`a block used ${gasUsed} of ${gasLimit} gas`);
  }
  return found;
}

/** Whole numbers from 0 up to and without `below`; the same for the same seed (xorshift32). */
function randomNumbers(seed: number): (below: number) => number {
  let state = (seed * 2_654_435_761) >>> 0 || 1;
  return (below) => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % below;
  };
}

function pick<T>(random: (below: number) => number, items: readonly T[]): T {
  const item = items[random(items.length)];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
}

/** Half of the time one of the newest targets. */
function pickTarget(random: (below: number) => number, targets: readonly Address[]): Address {
  return pick(random, random(2) === 0 ? targets : targets.slice(-8));
}

function namedAddress(name: string): Address {
  return bytesToHex(keccak256(utf8ToBytes(name)).subarray(12));
}
