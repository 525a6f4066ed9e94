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

/**
 * Best tip first, earlier arrival first among equals, a sender's nonces in order. A sender stops at its first gap, at its
 * first transaction that cannot pay the base fee, and at its first that goes another way. Entries may be removed from the
 * queues while this is read.
 */
export function* candidates(
  senders: Iterable<readonly [Address, SenderQueue]>,
  source: CandidateAccounts,
  { baseFee, takes }: Omit<CandidateRules, 'mine'>,
): Generator<RecoveredTransaction, void, undefined> {
  const heap = new PriceHeap<Head>(goesFirst);
  for (const [sender, queue] of senders) {
    pushHead(heap, queue, executableHead(sender, queue, source, baseFee), baseFee);
  }
  for (let head = heap.pop(); head !== undefined; head = heap.pop()) {
    const { queue, entry } = head;
    if (!takes(entry.transaction)) continue;
    yield entry.transaction;
    pushHead(heap, queue, queue.at(entry.transaction.fields.nonce + 1n), baseFee);
  }
}

/** The sender's transaction at its next nonce, if it pays `baseFee` and the balance covers it. */
export function executableHead(
  sender: Address,
  queue: SenderQueue,
  source: CandidateAccounts,
  baseFee: bigint,
): PoolEntry | undefined {
  const entry = queue.at(source.nonce(sender));
  if (entry === undefined || effectiveTip(entry, baseFee) < 0n) return undefined;
  // Admitted when it could be paid; the balance may have gone elsewhere since. It waits for money, not for a block.
  return entry.cost <= source.balance(sender) ? entry : undefined;
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
