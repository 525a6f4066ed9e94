import { assert } from '@heddle/primitives';
import {
  type Address,
  type Hash,
  isImpersonated,
  maxFeePerGas,
  maxPriorityFeePerGas,
  type RecoveredTransaction,
} from '@heddle/types';
import { type BlockTerms, candidates, executableHead } from './candidates.ts';
import { checkTransaction } from './check-transaction.ts';
import {
  MAX_NONCES_AHEAD,
  MAX_POOL_BYTES,
  MAX_POOL_TRANSACTIONS,
  MAX_SENDER_TRANSACTIONS,
  REPLACEMENT_BUMP_PERCENT,
} from './limits.ts';
import type {
  AccountSource,
  AddResult,
  CandidateAccounts,
  CandidateRules,
  PoolRules,
  TransactionPool,
} from './ports.ts';
import { type PoolEntry, poolEntry, SenderQueue } from './sender-queue.ts';

/** How much the pool holds at most; the defaults are those of limits.ts. */
export interface PoolCapacity {
  readonly transactions: number;
  readonly bytes: number;
  readonly transactionsPerSender: number;
}

export const DEFAULT_CAPACITY: PoolCapacity = {
  transactions: MAX_POOL_TRANSACTIONS,
  bytes: MAX_POOL_BYTES,
  transactionsPerSender: MAX_SENDER_TRANSACTIONS,
};

/** An empty pool over one node's view of final state. */
export function createMempool(
  rules: PoolRules,
  source: AccountSource,
  capacity: PoolCapacity = DEFAULT_CAPACITY,
): TransactionPool {
  return new Mempool(rules, source, capacity);
}

class Mempool implements TransactionPool {
  readonly #rules: PoolRules;
  readonly #source: AccountSource;
  readonly #capacity: PoolCapacity;
  readonly #senders = new Map<Address, SenderQueue>();
  readonly #byHash = new Map<Hash, PoolEntry>();
  #bytes = 0;
  #arrivals = 0;

  constructor(rules: PoolRules, source: AccountSource, capacity: PoolCapacity) {
    this.#rules = rules;
    this.#source = source;
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#byHash.size;
  }

  add(transaction: RecoveredTransaction): AddResult {
    if (this.#byHash.has(transaction.hash)) return refuse('already known');
    const reason = checkTransaction(transaction, this.#rules) ?? this.#checkAccount(transaction);
    if (reason !== null) return refuse(reason);
    const entry = poolEntry(transaction, this.#arrivals);
    const replaced = this.#queue(transaction.sender)?.at(transaction.fields.nonce);
    const full = this.#makeRoom(entry, replaced);
    if (full !== null) return refuse(full);
    this.#arrivals += 1;
    if (replaced !== undefined) this.#remove(replaced);
    this.#insert(entry);
    return { ok: true, replaced: replaced?.transaction ?? null };
  }

  candidates(rules: CandidateRules, accounts: CandidateAccounts = this.#source): Iterable<RecoveredTransaction> {
    const senders = [...this.#senders].filter(([sender]) => rules.mine(sender));
    return candidates(senders, accounts, this.#terms(rules.baseFee), rules.takes);
  }

  onFinalized(senders: readonly Address[]): void {
    for (const sender of senders) {
      const queue = this.#queue(sender);
      if (queue === undefined) continue;
      for (const entry of queue.below(this.#source.finalNonce(sender))) this.#remove(entry);
    }
  }

  drop(hash: Hash): void {
    const entry = this.#byHash.get(hash);
    if (entry !== undefined) this.#remove(entry);
  }

  get(hash: Hash): RecoveredTransaction | undefined {
    return this.#byHash.get(hash)?.transaction;
  }

  pendingNonce(address: Address): bigint | null {
    const queue = this.#queue(address);
    return queue === undefined ? null : queue.firstGap(this.#source.nonce(address));
  }

  hasExecutable(baseFee: bigint): boolean {
    const terms = this.#terms(baseFee);
    for (const [sender, queue] of this.#senders) {
      if (executableHead(sender, queue, this.#source, terms) !== undefined) return true;
    }
    return false;
  }

  all(): readonly RecoveredTransaction[] {
    return [...this.#byHash.values()].map(({ transaction }) => transaction);
  }

  /** A devnet's owner may lower the limits below what the pool has taken, and raise them again. */
  #terms(baseFee: bigint): BlockTerms {
    const chunkGasLimit = this.#rules.chunkGasLimit();
    const fits = (transaction: RecoveredTransaction): boolean =>
      transaction.fields.gasLimit <= chunkGasLimit && this.#rules.tooHeavy(transaction) === null;
    return { baseFee, fits };
  }

  #queue(sender: Address): SenderQueue | undefined {
    return this.#senders.get(sender);
  }

  /** What depends on the sender's account and on its other transactions. */
  #checkAccount(transaction: RecoveredTransaction): string | null {
    const { sender, fields } = transaction;
    // EIP-3607, as `checkSender` of execution has it.
    if (!isImpersonated(transaction) && this.#source.hasCode(sender))
      return `sender not an eoa: address ${sender} has code`;
    const queue = this.#queue(sender);
    const replaced = queue?.at(fields.nonce);
    return (
      this.#checkNonce(transaction, queue) ??
      (replaced === undefined ? null : checkReplacement(transaction, replaced.transaction)) ??
      this.#checkBalance(transaction, queue, replaced) ??
      (replaced === undefined && queue !== undefined && queue.size >= this.#capacity.transactionsPerSender
        ? `account limit exceeded: ${sender} has ${queue.size} transactions in the pool, wait for some to be executed`
        : null)
    );
  }

  #checkNonce({ sender, fields }: RecoveredTransaction, queue: SenderQueue | undefined): string | null {
    const next = this.#source.nonce(sender);
    if (fields.nonce < next) return `nonce too low: next nonce ${next}, tx nonce ${fields.nonce}`;
    const gap = queue?.firstGap(next) ?? next;
    if (fields.nonce <= gap + MAX_NONCES_AHEAD) return null;
    return (
      `nonce too high: next nonce ${gap}, tx nonce ${fields.nonce}. The account's nonce is ${next}; if the devnet was ` +
      "restarted, the wallet may still count on the old chain's: reset its nonce for this account"
    );
  }

  /** As geth: the sender has to own what all its pooled transactions together may cost. */
  #checkBalance(
    transaction: RecoveredTransaction,
    queue: SenderQueue | undefined,
    replaced: PoolEntry | undefined,
  ): string | null {
    const balance = this.#source.balance(transaction.sender);
    const { cost } = poolEntry(transaction, 0);
    if (balance < cost) {
      return (
        'insufficient funds for gas * price + value: ' +
        `balance ${balance}, tx cost ${cost}, overshot ${cost - balance}`
      );
    }
    // What an unfinal block has executed is still pooled but has left the balance already.
    const executed = queue?.below(this.#source.nonce(transaction.sender)).reduce((sum, entry) => sum + entry.cost, 0n);
    const queued = (queue?.cost ?? 0n) - (executed ?? 0n) - (replaced?.cost ?? 0n);
    if (balance < queued + cost) {
      return (
        'insufficient funds for gas * price + value: ' +
        `balance ${balance}, queued cost ${queued}, tx cost ${cost}, overshot ${queued + cost - balance}`
      );
    }
    return null;
  }

  /** Evicts what is worth less than `entry` until it fits. Returns the reason when there is not enough of that. */
  #makeRoom(entry: PoolEntry, replaced: PoolEntry | undefined): string | null {
    const size = entry.transaction.raw.length - (replaced?.transaction.raw.length ?? 0);
    const count = replaced === undefined ? 1 : 0;
    const victims: PoolEntry[] = [];
    while (this.#byHash.size + count > this.#capacity.transactions || this.#bytes + size > this.#capacity.bytes) {
      const victim = this.#cheapestTail(entry.transaction.sender);
      if (victim === undefined || !this.#isWorthLess(victim, entry)) {
        // Nothing has changed for the others when the newcomer is refused.
        for (const evicted of victims) this.#insert(evicted);
        return 'transaction underpriced: the pool is full of transactions that pay more';
      }
      this.#remove(victim);
      victims.push(victim);
    }
    return null;
  }

  /** The worst last transaction of any sender but `except`: taking the last one leaves no gap behind. */
  #cheapestTail(except: Address): PoolEntry | undefined {
    let worst: PoolEntry | undefined;
    for (const [sender, queue] of this.#senders) {
      if (sender === except) continue;
      const tail = queue.last();
      if (worst === undefined || this.#isWorthLess(tail, worst)) worst = tail;
    }
    return worst;
  }

  /** One behind a nonce gap is worth less than any that can run; then the fee cap decides, then who came later. */
  #isWorthLess(a: PoolEntry, b: PoolEntry): boolean {
    const waitsA = this.#isBehindGap(a);
    const waitsB = this.#isBehindGap(b);
    if (waitsA !== waitsB) return waitsA;
    const capA = maxFeePerGas(a.transaction.fields);
    const capB = maxFeePerGas(b.transaction.fields);
    return capA === capB ? a.arrival > b.arrival : capA < capB;
  }

  #isBehindGap({ transaction }: PoolEntry): boolean {
    const next = this.#source.nonce(transaction.sender);
    const gap = this.#queue(transaction.sender)?.firstGap(next) ?? next;
    return transaction.fields.nonce > gap;
  }

  #insert(entry: PoolEntry): void {
    const { sender, hash, raw } = entry.transaction;
    let queue = this.#queue(sender);
    if (queue === undefined) {
      queue = new SenderQueue();
      this.#senders.set(sender, queue);
    }
    const replaced = queue.put(entry);
    assert(replaced === undefined, 'the replaced transaction was not removed');
    this.#byHash.set(hash, entry);
    this.#bytes += raw.length;
  }

  #remove({ transaction }: PoolEntry): void {
    const { sender, hash, raw, fields } = transaction;
    const queue = this.#queue(sender);
    assert(queue !== undefined, `no queue of ${sender}`);
    queue.remove(fields.nonce);
    if (queue.size === 0) this.#senders.delete(sender);
    this.#byHash.delete(hash);
    this.#bytes -= raw.length;
  }
}

/** Both the fee cap and the tip have to rise by the bump, and by something at all. */
function checkReplacement({ fields }: RecoveredTransaction, old: RecoveredTransaction): string | null {
  const enough =
    isRaised(maxFeePerGas(old.fields), maxFeePerGas(fields)) &&
    isRaised(maxPriorityFeePerGas(old.fields), maxPriorityFeePerGas(fields));
  return enough ? null : 'replacement transaction underpriced';
}

function isRaised(before: bigint, after: bigint): boolean {
  return after > before && after >= (before * (100n + REPLACEMENT_BUMP_PERCENT)) / 100n;
}

function refuse(reason: string): AddResult {
  return { ok: false, reason };
}
