/**
 * What a new state root costs: layers of 20,000 changed accounts, and of 20,000 changed slots of one contract, on states
 * of several sizes in memory; hashing and encoding included, and the reading of what was there. @ethereumjs/mpt does the
 * same changes of its size, in turns. Microseconds an account or slot (medians over rounds), wall and CPU.
 *
 * Usage: npm run bench -- trie [SIZE …]. Prints one JSON line a measurement.
 */
import { createMPT, type MerklePatriciaTrie } from '@ethereumjs/mpt';
import { bigintToBytes, bytesToHex, hexToBytes, keccak256 } from '../packages/primitives/src/index.ts';
import { createSeededRandom } from '../packages/runtime/src/index.ts';
import {
  createLayerInSteps,
  createMemoryBackend,
  EMPTY_STATE,
  encodeAccount,
  encodeSlotValue,
  type MemoryBackend,
  openState,
  type StateChanges,
  type StateLayer,
  type StateSnapshot,
} from '../packages/state/src/index.ts';
import { type Address, EMPTY_CODE_HASH, EMPTY_TRIE_ROOT } from '../packages/types/src/index.ts';

const USUAL_SIZES: readonly string[] = ['10000', '200000', '1000000'];
const BATCH = 20_000;
const WARM_UP_ROUNDS = 3;
const ROUNDS = 11;
/** The other one needs seconds for more. */
const ORACLE_SIZE = 10_000;
const ORACLE_BATCH = 2_000;
const ORACLE_ROUNDS = 5;
const CONTRACT: Address = '0x00000000000000000000000000000000000c0de0';

type Kind = 'accounts' | 'slots';

interface Cost {
  readonly wallUs: number;
  readonly cpuUs: number;
}

interface Measured extends Cost {
  /** Longest time between two pauses of the root's computation, and what the thread itself computed in the longest. */
  readonly longestStepMs: number;
  readonly longestStepCpuMs: number;
}

/** `count` different numbers below `size`. */
function choose(random: { next(): number }, size: number, count: number): readonly number[] {
  const chosen = new Set<number>();
  while (chosen.size < Math.min(size, count)) chosen.add(Math.floor(random.next() * size));
  return [...chosen];
}

const addressOf = (index: number): Address => bytesToHex(keccak256(bigintToBytes(BigInt(index), 8)).subarray(12));
const balanceOf = (index: number, round: number): bigint => 10n ** 18n * BigInt(round + 1) + BigInt(index);

function changesOf(kind: Kind, indexes: readonly number[], round: number, addresses: readonly Address[]): StateChanges {
  const codes = new Map();
  if (kind === 'slots') {
    const slots = new Map(indexes.map((index) => [BigInt(index), balanceOf(index, round)]));
    const contract = { nonce: 1n, balance: 0n, codeHash: EMPTY_CODE_HASH };
    return { accounts: new Map([[CONTRACT, contract]]), storage: new Map([[CONTRACT, slots]]), codes };
  }
  const fields = (index: number): { nonce: bigint; balance: bigint; codeHash: typeof EMPTY_CODE_HASH } => ({
    nonce: BigInt(round),
    balance: balanceOf(index, round),
    codeHash: EMPTY_CODE_HASH,
  });
  const accounts = new Map(indexes.map((index) => [addresses[index] ?? CONTRACT, fields(index)]));
  return { accounts, storage: new Map(), codes };
}

interface LayerRun {
  readonly layer: StateLayer;
  readonly longestStepMs: number;
  readonly longestStepCpuMs: number;
}

function runSteps(parent: StateSnapshot, changes: StateChanges): LayerRun {
  const steps = createLayerInSteps(parent, changes);
  let longestStepMs = 0;
  let longestStepCpuMs = 0;
  for (;;) {
    const cpu = process.threadCpuUsage();
    const started = performance.now();
    const step = steps.next();
    longestStepMs = Math.max(longestStepMs, performance.now() - started);
    const { user, system } = process.threadCpuUsage(cpu);
    longestStepCpuMs = Math.max(longestStepCpuMs, (user + system) / 1000);
    if (step.done === true) return { layer: step.value, longestStepMs, longestStepCpuMs };
  }
}

class Ours {
  readonly #backend: MemoryBackend = createMemoryBackend();
  #state: StateSnapshot = EMPTY_STATE;
  longestStepMs = 0;
  longestStepCpuMs = 0;

  apply(changes: StateChanges): void {
    const { layer, longestStepMs, longestStepCpuMs } = runSteps(this.#state, changes);
    this.longestStepMs = longestStepMs;
    this.longestStepCpuMs = longestStepCpuMs;
    this.#pending = layer;
  }

  #pending: StateLayer | null = null;

  /** What is not part of the measurement: the layer becomes final. */
  settle(): void {
    if (this.#pending === null) return;
    this.#backend.apply(this.#pending);
    this.#state = openState(this.#backend, this.#pending.root);
  }

  get root(): string {
    return this.#state.root;
  }
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
const round2 = (value: number): number => Math.round(value * 100) / 100;

async function timed(count: number, work: () => void | Promise<void>): Promise<Cost> {
  const cpu = process.cpuUsage();
  const started = performance.now();
  await work();
  const wall = performance.now() - started;
  const { user, system } = process.cpuUsage(cpu);
  return { wallUs: (wall * 1000) / count, cpuUs: (user + system) / count };
}

async function measure(kind: Kind, size: number): Promise<Measured> {
  const random = createSeededRandom(size);
  const addresses = kind === 'accounts' ? Array.from({ length: size }, (_, index) => addressOf(index)) : [];
  const ours = new Ours();
  for (let low = 0; low < size; low += BATCH) {
    const indexes = Array.from({ length: Math.min(BATCH, size - low) }, (_, i) => low + i);
    ours.apply(changesOf(kind, indexes, 0, addresses));
    ours.settle();
  }
  const costs: Cost[] = [];
  const steps: number[] = [];
  const stepsCpu: number[] = [];
  for (let round = 1; round <= WARM_UP_ROUNDS + ROUNDS; round++) {
    const indexes = choose(random, size, BATCH);
    const changes = changesOf(kind, indexes, round, addresses);
    const cost = await timed(indexes.length, () => ours.apply(changes));
    ours.settle();
    if (round <= WARM_UP_ROUNDS) continue;
    costs.push(cost);
    steps.push(ours.longestStepMs);
    stepsCpu.push(ours.longestStepCpuMs);
  }
  return {
    wallUs: round2(median(costs.map(({ wallUs }) => wallUs))),
    cpuUs: round2(median(costs.map(({ cpuUs }) => cpuUs))),
    longestStepMs: round2(median(steps)),
    longestStepCpuMs: round2(median(stepsCpu)),
  };
}

async function putAll(trie: MerklePatriciaTrie, changes: StateChanges): Promise<void> {
  for (const [address, fields] of changes.accounts) {
    if (fields === null) continue;
    const value = encodeAccount({ ...fields, storageRoot: EMPTY_TRIE_ROOT });
    await trie.put(keccak256(hexToBytes(address)), value);
  }
}

async function putSlots(trie: MerklePatriciaTrie, changes: StateChanges): Promise<void> {
  for (const [slot, value] of changes.storage.get(CONTRACT) ?? []) {
    await trie.put(keccak256(bigintToBytes(slot, 32)), encodeSlotValue(value));
  }
}

/** Both in turns on the same changes, so that what else runs on the machine slows both. */
async function compare(kind: Kind): Promise<object> {
  const random = createSeededRandom(7);
  const addresses = Array.from({ length: ORACLE_SIZE }, (_, index) => addressOf(index));
  const ours = new Ours();
  const oracle = await createMPT();
  const put = kind === 'accounts' ? putAll : putSlots;
  const first = changesOf(kind, [...addresses.keys()], 0, addresses);
  ours.apply(first);
  ours.settle();
  await put(oracle, first);
  const costs: { readonly ours: Cost; readonly oracle: Cost }[] = [];
  for (let round = 1; round <= ORACLE_ROUNDS; round++) {
    const changes = changesOf(kind, choose(random, ORACLE_SIZE, ORACLE_BATCH), round, addresses);
    const mine = await timed(ORACLE_BATCH, () => ours.apply(changes));
    ours.settle();
    costs.push({ ours: mine, oracle: await timed(ORACLE_BATCH, () => put(oracle, changes)) });
  }
  if (kind === 'accounts' && bytesToHex(oracle.root()) !== ours.root) throw new Error('the roots differ');
  const wallUs = median(costs.map((cost) => cost.ours.wallUs));
  const oracleUs = median(costs.map((cost) => cost.oracle.wallUs));
  return {
    kind,
    size: ORACLE_SIZE,
    batch: ORACLE_BATCH,
    wallUs: round2(wallUs),
    ethereumjsUs: round2(oracleUs),
    ratio: round2(oracleUs / wallUs),
  };
}

const sizes = process.argv.length > 2 ? process.argv.slice(2) : USUAL_SIZES;
for (const kind of ['accounts', 'slots'] as const) {
  for (const size of sizes) {
    const result = await measure(kind, Number(size));
    process.stdout.write(
      `${JSON.stringify({ kind, size: Number(size), batch: Math.min(BATCH, Number(size)), ...result })}\n`,
    );
  }
  process.stdout.write(`${JSON.stringify(await compare(kind))}\n`);
}
