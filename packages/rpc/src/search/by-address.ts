import type { Address } from '@heddle/types';
import { headNumber } from '../chain/resolve.ts';
import type { BlockTransaction, ChainReader, FinalBlock } from '../ports.ts';
import type { FoundTransaction } from './by-nonce.ts';
import { scanBlocks } from './scan-blocks.ts';

/** Transactions that concern an address, newest first, whole blocks only. */
export interface AddressPage {
  readonly found: readonly FoundTransaction[];
  /** Nothing newer is left out. */
  readonly isNewest: boolean;
  /** Nothing older is left out. */
  readonly isOldest: boolean;
}

/** Those below block `before`, at least `count` if there are so many. Throws as `scanBlocks`. */
export async function searchBefore(
  chain: ChainReader,
  address: Address,
  before: bigint | null,
  count: number,
  signal: AbortSignal,
): Promise<AddressPage> {
  const head = headNumber(chain);
  const from = before === null || before > head ? head : before - 1n;
  const isNewest = before === null || before > head;
  if (from < 0n) return { found: [], isNewest, isOldest: true };
  const found: FoundTransaction[] = [];
  const isOldest = await scanBlocks(chain, { from, to: 0n }, signal, async (block) => {
    found.push(...(await concerning(chain, block, address)).reverse());
    return found.length >= count;
  });
  return { found, isNewest, isOldest };
}

/** Those above block `after`, likewise; the oldest of them are found first. Throws as `scanBlocks`. */
export async function searchAfter(
  chain: ChainReader,
  address: Address,
  after: bigint | null,
  count: number,
  signal: AbortSignal,
): Promise<AddressPage> {
  const head = headNumber(chain);
  const from = after === null ? 0n : after + 1n;
  const isOldest = after === null;
  if (from > head) return { found: [], isNewest: true, isOldest };
  const found: FoundTransaction[] = [];
  const isNewest = await scanBlocks(chain, { from, to: head }, signal, async (block) => {
    found.push(...(await concerning(chain, block, address)));
    return found.length >= count;
  });
  return { found: found.reverse(), isNewest, isOldest };
}

/**
 * Sent by it, sent to it, creating it, logging from it, or changing its account. A transaction that only read it from
 * within another contract is not found: no list says in which transaction that was.
 */
async function concerning(chain: ChainReader, block: FinalBlock, address: Address): Promise<FoundTransaction[]> {
  const changing = new Set(await chain.changing(address, block.block.header.number));
  return block.executed
    .filter((entry) => names(entry, address) || changing.has(entry.transaction.hash))
    .map((entry) => ({ block, entry }));
}

function names({ transaction, contractAddress, receipt }: BlockTransaction, address: Address): boolean {
  const { sender, fields } = transaction;
  if (sender === address || fields.to === address || contractAddress === address) return true;
  return receipt.logs.some((log) => log.address === address);
}
