import { hexToBytes, keccak256 } from '@heddle/primitives';
import { createSeededRandom } from '@heddle/runtime';
import { openHistoricState, proveAccount, verifyAccountProof, verifyStorageProof } from '@heddle/state';
import { type ExpectedAccount, SLOTS, SoakAccounts } from './accounts.ts';
import { directoryBytes, MemoryMeter } from './memory.ts';
import { referenceRoot } from './reference-root.ts';
import { SoakChain } from './soak-chain.ts';

export interface SoakOptions {
  readonly accounts: number;
  readonly cacheBytes: number;
  readonly reads: number;
  readonly updates: number;
  /** Accounts a block. */
  readonly batch: number;
  /** Emptied first. */
  readonly directory: string;
}

export interface SoakReport {
  readonly ok: boolean;
  readonly accounts: number;
  readonly cacheMb: number;
  readonly build: PhaseReport;
  readonly readsMs: number;
  readonly readsPerSecond: number;
  readonly wrongReads: number;
  readonly update: PhaseReport;
  readonly proofs: number;
  readonly wrongProofs: number;
  readonly root: string;
  /** From all expected accounts, computed apart. */
  readonly referenceRoot: string;
  /** Largest seen until the reference root, which is the check's own. */
  readonly rssMb: number;
  readonly rssAnonymousMb: number;
  readonly rssMappedMb: number;
  readonly databaseMb: number;
}

/** A phase that commits blocks. */
interface PhaseReport {
  readonly accounts: number;
  readonly ms: number;
  readonly accountsPerSecond: number;
  /** Of it, microseconds an account: computing the layer (root and nodes), and committing it. */
  readonly layerUs: number;
  readonly commitUs: number;
  readonly nodesPerAccount: number;
  readonly nodeBytesPerAccount: number;
}

const PROOFS = 500;
const SAMPLE_EVERY_READS = 20_000;
const MB = 1024 * 1024;

const round = (value: number): number => Math.round(value * 100) / 100;

class Soak {
  readonly #options: SoakOptions;
  readonly #progress: (line: string) => void;
  readonly #chain: SoakChain;
  readonly #accounts: SoakAccounts;
  readonly #memory = new MemoryMeter();
  readonly #random = createSeededRandom(1);

  constructor(options: SoakOptions, chain: SoakChain, progress: (line: string) => void) {
    this.#options = options;
    this.#progress = progress;
    this.#chain = chain;
    this.#accounts = new SoakAccounts(options.accounts);
  }

  async run(): Promise<SoakReport> {
    const order = keyOrder(this.#accounts);
    const build = await this.#phase('built', this.#creations(order));
    const reads = this.#readAtRandom();
    const update = await this.#phase('updated', this.#updates());
    const again = this.#readAtRandom();
    const wrongProofs = this.#wrongProofs();
    const { rss, anonymous, mapped } = this.#memory;
    const { root } = this.#chain;
    const reference = referenceRoot(this.#accounts, firstKeyBytes(this.#accounts));
    const wrongReads = reads.wrong + again.wrong;
    return {
      ok: wrongReads === 0 && wrongProofs === 0 && root === reference,
      accounts: this.#options.accounts,
      cacheMb: this.#options.cacheBytes / MB,
      build,
      readsMs: Math.round(reads.ms),
      readsPerSecond: Math.round((this.#options.reads / reads.ms) * 1000),
      wrongReads,
      update,
      proofs: PROOFS,
      wrongProofs,
      root,
      referenceRoot: reference,
      rssMb: Math.round(rss / MB),
      rssAnonymousMb: Math.round(anonymous / MB),
      rssMappedMb: Math.round(mapped / MB),
      databaseMb: Math.round(directoryBytes(this.#options.directory) / MB),
    };
  }

  /** In the order of the trie, as a snapshot would be imported: every block makes one part of it. */
  *#creations(order: Iterable<number>): Generator<{ readonly size: number; commit(): Promise<void> }> {
    let batch: number[] = [];
    const block = (indexes: readonly number[]): { readonly size: number; commit(): Promise<void> } => ({
      size: indexes.length,
      commit: () => this.#chain.commit(this.#accounts.creation(indexes)),
    });
    for (const index of order) {
      if (batch.push(index) < this.#options.batch) continue;
      yield block(batch);
      batch = [];
    }
    if (batch.length > 0) yield block(batch);
  }

  *#updates(): Generator<{ readonly size: number; commit(): Promise<void> }> {
    for (let left = this.#options.updates; left > 0; ) {
      const chosen = new Set<number>();
      const most = Math.min(left, this.#options.batch, this.#accounts.count);
      for (let i = 0; i < most; i++) chosen.add(this.#randomAccount());
      left -= most;
      yield { size: chosen.size, commit: () => this.#chain.commit(this.#accounts.update(chosen)) };
    }
  }

  async #phase(
    name: string,
    blocks: Iterable<{ readonly size: number; commit(): Promise<void> }>,
  ): Promise<PhaseReport> {
    const { spent } = this.#chain;
    const before = { ...spent, nodes: this.#chain.nodes, nodeBytes: this.#chain.nodeBytes };
    const started = performance.now();
    let done = 0;
    for (const block of blocks) {
      await block.commit();
      done += block.size;
      this.#memory.sample();
      const seconds = (performance.now() - started) / 1000;
      this.#progress(
        `${name} ${done} accounts in ${seconds.toFixed(1)} s, resident ${Math.round(this.#memory.rss / MB)} MB at most`,
      );
    }
    const ms = performance.now() - started;
    const each = (total: number): number => (done === 0 ? 0 : round(total / done));
    return {
      accounts: done,
      ms: Math.round(ms),
      accountsPerSecond: Math.round((done / ms) * 1000),
      layerUs: each((spent.layersMs - before.layersMs) * 1000),
      commitUs: each((spent.commitsMs - before.commitsMs) * 1000),
      nodesPerAccount: each(this.#chain.nodes - before.nodes),
      nodeBytesPerAccount: each(this.#chain.nodeBytes - before.nodeBytes),
    };
  }

  #randomAccount(): number {
    return Math.floor(this.#random.next() * this.#accounts.count);
  }

  #readAtRandom(): { readonly ms: number; readonly wrong: number } {
    const { state } = this.#chain;
    const started = performance.now();
    let wrong = 0;
    for (let i = 0; i < this.#options.reads; i++) {
      const index = this.#randomAccount();
      const address = this.#accounts.address(index);
      const expected = this.#accounts.expected(index);
      const account = state.flatAccount(address);
      const slot = i % SLOTS;
      const isRight =
        sameAccount(account, expected) &&
        (expected === null || state.flatStorage(address, BigInt(slot)) === (expected.slots[slot] ?? 0n));
      if (!isRight) wrong++;
      if (i % SAMPLE_EVERY_READS === 0) this.#memory.sample();
    }
    const ms = performance.now() - started;
    this.#progress(`read ${this.#options.reads} accounts in ${(ms / 1000).toFixed(1)} s, ${wrong} wrong`);
    return { ms, wrong };
  }

  #wrongProofs(): number {
    const { root, state } = this.#chain;
    const snapshot = openHistoricState(state, root);
    let wrong = 0;
    for (let i = 0; i < PROOFS; i++) {
      const index = this.#randomAccount();
      const address = this.#accounts.address(index);
      const expected = this.#accounts.expected(index);
      const slot = BigInt(i % SLOTS);
      const { accountProof, storageProofs } = proveAccount(snapshot, address, [slot]);
      const account = verifyAccountProof(root, address, accountProof);
      if (!sameAccount(account, expected)) wrong++;
      if (account === null) continue;
      const value = verifyStorageProof(account.storageRoot, slot, storageProofs[0]?.proof ?? []);
      if (value !== (expected?.slots[Number(slot)] ?? 0n)) wrong++;
    }
    return wrong;
  }
}

function sameAccount(
  account: { readonly nonce: bigint; readonly balance: bigint } | null,
  expected: ExpectedAccount | null,
): boolean {
  if (account === null || expected === null) return account === expected;
  return account.nonce === expected.nonce && account.balance === expected.balance;
}

function keyOf(accounts: SoakAccounts, index: number): Uint8Array {
  return keccak256(hexToBytes(accounts.address(index)));
}

function firstKeyBytes(accounts: SoakAccounts): Uint8Array {
  return Uint8Array.from({ length: accounts.count }, (_, index) => keyOf(accounts, index)[0] ?? 0);
}

/** The accounts by the first 24 bits of their keys: numbers of 53 bits hold those and the account's. */
function* keyOrder(accounts: SoakAccounts): Generator<number> {
  const places = 2 ** 29;
  const numbers = new Float64Array(accounts.count);
  for (let index = 0; index < numbers.length; index++) {
    const [a = 0, b = 0, c = 0] = keyOf(accounts, index);
    numbers[index] = ((a << 16) | (b << 8) | c) * places + index;
  }
  numbers.sort();
  for (const number of numbers) yield number % places;
}

/** Throws what the store throws; what it finds wrong is in the report. */
export async function soakState(options: SoakOptions, progress: (line: string) => void): Promise<SoakReport> {
  const chain = await SoakChain.create(options.directory, options.cacheBytes);
  try {
    return await new Soak(options, chain, progress).run();
  } finally {
    await chain.close();
  }
}
