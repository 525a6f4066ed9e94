import { effectiveGasPrice } from '@heddle/execution';
import type { Address, RecoveredTransaction } from '@heddle/types';
import type { CandidateAccounts, CandidateRules } from './ports.ts';
import { PriceHeap } from './price-heap.ts';
import type { PoolEntry, SenderQueue } from './sender-queue.ts';

/** A sender's next transaction, as it stands in the heap. */
interface Head {
  readonly queue: SenderQueue;
  readonly entry: PoolEntry;
  /** Wei a gas at this base fee. */
  readonly tip: bigint;
}

/** What a block on the tip may hold: the same for every sender. */
export interface BlockTerms {
  /** Wei a gas that each must be able to pay. */
  readonly baseFee: bigint;
  /** Whether the gas limits of the moment leave room for it. */
  readonly fits: (transaction: RecoveredTransaction) => boolean;
}

/**
 * Best tip first, earlier arrival first among equals, a sender's nonces in order. A sender stops at its first gap, at its
 * first transaction that cannot pay the base fee or is above a limit, and at its first that goes another way. Entries may be
 * removed from the queues while this is read.
 */
export function* candidates(
  senders: Iterable<readonly [Address, SenderQueue]>,
  source: CandidateAccounts,
  terms: BlockTerms,
  takes: CandidateRules['takes'],
): Generator<RecoveredTransaction, void, undefined> {
  const heap = new PriceHeap<Head>(goesFirst);
  for (const [sender, queue] of senders) {
    pushHead(heap, queue, executableHead(sender, queue, source, terms), terms.baseFee);
  }
  for (let head = heap.pop(); head !== undefined; head = heap.pop()) {
    const { queue, entry } = head;
    if (!takes(entry.transaction)) continue;
    yield entry.transaction;
    const next = queue.at(entry.transaction.fields.nonce + 1n);
    if (next !== undefined && terms.fits(next.transaction)) pushHead(heap, queue, next, terms.baseFee);
  }
}

/** The sender's transaction at its next nonce, if a block can hold it and the balance covers it. */
export function executableHead(
  sender: Address,
  queue: SenderQueue,
  source: CandidateAccounts,
  { baseFee, fits }: BlockTerms,
): PoolEntry | undefined {
  const entry = queue.at(source.nonce(sender));
  if (entry === undefined || effectiveTip(entry, baseFee) < 0n) return undefined;
  // Admitted under other limits and another balance: it waits for them, not for a block.
  return entry.cost <= source.balance(sender) && fits(entry.transaction) ? entry : undefined;
}

function pushHead(heap: PriceHeap<Head>, queue: SenderQueue, entry: PoolEntry | undefined, baseFee: bigint): void {
  if (entry === undefined) return;
  const tip = effectiveTip(entry, baseFee);
  if (tip >= 0n) heap.push({ queue, entry, tip });
}

function goesFirst(a: Head, b: Head): boolean {
  return a.tip === b.tip ? a.entry.arrival < b.entry.arrival : a.tip > b.tip;
}

/** What the fee recipient gets for a gas at `baseFee`, wei (EIP-1559). Negative when the fee cap is below `baseFee`. */
function effectiveTip({ transaction }: PoolEntry, baseFee: bigint): bigint {
  return effectiveGasPrice(transaction.fields, baseFee) - baseFee;
}
