import { hashScheme, hashSign } from '@heddle/consensus/testing';
import { blsPublicKey } from '@heddle/primitives';
import { createSeededRandom } from '@heddle/runtime';
import { home } from '@heddle/sharding';
import type { Address, Hash, RecoveredTransaction } from '@heddle/types';
import { congestedShard } from '../../src/pool/tip-accounts.ts';
import type { ValidatorNode } from '../../src/validator-node.ts';
import { PLAIN_NETWORK, TestNetwork, testAccounts } from '../support/network.ts';
import { replayAll } from '../support/replay-all.ts';
import { type Cast, createCast } from './cast.ts';
import { Dice, type Known, randomTransaction } from './random-transaction.ts';

/** One checks what the other produces. */
const VALIDATORS = 2;
/** Transactions that are sent before time passes. */
const BURST = 12;
/** Virtual time in which everything that can execute has to. */
const PATIENCE_MS = 300_000;

/** What a network was asked, and what became of it. */
export interface FuzzReport {
  readonly shardCount: number;
  readonly seed: number;
  readonly refused: number;
  readonly executed: number;
  readonly failed: number;
  readonly inSections: number;
  /** Accepted, and waiting for a nonce, for money or for a lower fee, as anybody can see. */
  readonly waiting: number;
  /** Accepted, and gone because another one of that nonce was executed. */
  readonly replaced: number;
  readonly blocks: number;
  /** Executed once more from what is stored, as traces are. */
  readonly replayed: number;
  /** Of those: came from another shard. */
  readonly delivered: number;
  /** Empty in a good run. */
  readonly wrong: readonly string[];
}

/**
 * Sends random transactions to a network of real validators. Wrong is: a validator that ends, a wei too much or too few
 * (`TestNetwork` checks each block), and a transaction that was accepted and neither executes nor shows what it waits for.
 */
export async function fuzz(
  shardCount: number,
  seed: number,
  transactions: number,
  dispatch: boolean,
): Promise<FuzzReport> {
  const dice = new Dice(createSeededRandom(seed * 64 + shardCount));
  const cast = createCast(shardCount, testAccounts(shardCount));
  const network = await openNetwork(shardCount, cast, dispatch);
  const run = new FuzzRun(network);
  const wrong: string[] = [];
  try {
    await network.startAll();
    for (let sent = 0; sent < transactions; sent += 1) {
      run.send(randomTransaction(dice, cast, run));
      if (sent % BURST === BURST - 1) await network.pass(dice.below(1_500));
    }
    await network.until('an end', () => run.unexplained().length === 0, PATIENCE_MS);
  } catch (error) {
    wrong.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
    wrong.push(...run.unexplained());
  }
  const { replayed, delivered, differences } = await replayAll(network.node(0));
  wrong.push(...differences);
  const report = { shardCount, seed, ...run.counts(), blocks: Number(network.height), replayed, delivered, wrong };
  await network.close();
  return report;
}

export function openNetwork(
  shardCount: number,
  { alloc }: Pick<Cast, 'alloc'>,
  dispatch: boolean,
): Promise<TestNetwork> {
  return TestNetwork.create(
    { ...PLAIN_NETWORK, validatorCount: VALIDATORS, shardCount, blockTimeMs: 0 },
    {
      genesis: { alloc, dispatch },
      scheme: hashScheme,
      sign: (secret, digest) => hashSign(blsPublicKey(secret), digest),
    },
  );
}

class FuzzRun implements Known {
  readonly #network: TestNetwork;
  readonly #accepted = new Map<Hash, RecoveredTransaction>();
  #refused = 0;

  constructor(network: TestNetwork) {
    this.#network = network;
  }

  nonceOf(address: Address): bigint {
    return this.#node.pendingNonce(address);
  }

  balanceOf(address: Address): bigint {
    return this.#account(address)?.balance ?? 0n;
  }

  send(transaction: RecoveredTransaction): void {
    if (this.#node.submit(transaction).ok) this.#accepted.set(transaction.hash, transaction);
    else this.#refused += 1;
  }

  /** Accepted transactions of which nobody could say why they are not executed. */
  unexplained(): readonly string[] {
    return [...this.#accepted.values()].filter((transaction) => this.#fateOf(transaction) === 'unknown').map(describe);
  }

  counts(): Omit<FuzzReport, 'shardCount' | 'seed' | 'blocks' | 'replayed' | 'delivered' | 'wrong'> {
    const {
      store,
      genesis: { shardCount },
    } = this.#node.chain;
    const fates = [...this.#accepted.values()].map((transaction) => this.#fateOf(transaction));
    const locations = [...this.#accepted.keys()].map((hash) => store.transactionLocation(hash));
    const failed = locations.filter((location) => {
      if (location?.kind !== 'executed') return false;
      return store.executions(location.height)[location.part]?.[location.index]?.receipt.status === 0;
    });
    const count = (fate: Fate): number => fates.filter((one) => one === fate).length;
    return {
      refused: this.#refused,
      executed: count('executed'),
      failed: failed.length,
      inSections: locations.filter((at) => at?.kind === 'executed' && at.part === shardCount).length,
      waiting: count('waiting'),
      replaced: count('replaced'),
    };
  }

  get #node(): ValidatorNode {
    return this.#network.node(0);
  }

  #account(address: Address): { readonly nonce: bigint; readonly balance: bigint } | null {
    const { chain } = this.#node;
    return chain.shardTip(chain.tree.root, home(address, chain.genesis.shardCount)).state.account(address);
  }

  #fateOf(transaction: RecoveredTransaction): Fate {
    const { chain, pool } = this.#node;
    const { hash, sender, fields } = transaction;
    const location = chain.store.transactionLocation(hash);
    if (location !== null) return location.kind === 'executed' ? 'executed' : 'unknown';
    const account = this.#account(sender);
    const nonce = account?.nonce ?? 0n;
    if (fields.nonce < nonce) return 'replaced';
    if (pool.get(hash) === undefined) return 'unknown';
    const first = pool.all().find((other) => other.sender === sender && other.fields.nonce === nonce);
    return first === undefined || !this.#canExecute(first) ? 'waiting' : 'unknown';
  }

  /** What the next chunk of its home could take; a base fee above its offer falls while nothing else is done. */
  #canExecute(transaction: RecoveredTransaction): boolean {
    const { chain } = this.#node;
    const { fields, sender } = transaction;
    const cap = 'maxFeePerGas' in fields ? fields.maxFeePerGas : fields.gasPrice;
    if (cap < LOWEST_BASE_FEE || congestedShard(chain, chain.tree.root, transaction) !== null) return false;
    return fields.gasLimit * cap + fields.value <= this.balanceOf(sender);
  }
}

/** EIP-1559's rounding: below 8 wei the base fee stops falling. */
const LOWEST_BASE_FEE = 7n;

type Fate = 'executed' | 'waiting' | 'replaced' | 'unknown';

function describe({ hash, sender, fields }: RecoveredTransaction): string {
  const { type, nonce, to, value, gasLimit, data } = fields;
  return `${hash}: type ${type} of ${sender}, nonce ${nonce}, to ${to}, value ${value}, gas ${gasLimit}, ${data.length} bytes`;
}
