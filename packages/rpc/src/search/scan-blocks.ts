import { RefusedError } from '../errors.ts';
import { MAX_SEARCH_BLOCKS } from '../limits.ts';
import type { ChainReader, FinalBlock } from '../ports.ts';
import { abortReason } from '../protocol/abort.ts';
import { createSlicer } from '../slices.ts';

/** What a scan has come to: all blocks were seen, `visit` had enough before, or there were more than may be looked at. */
type ScanEnd = 'all' | 'enough' | 'limit';

/** True: nothing more is wanted. */
type Visit = (block: FinalBlock) => Promise<boolean>;

/**
 * Shows the blocks from `from` to `to`, both included and in that direction, to `visit`; those in which nothing was
 * executed are passed over. At most MAX_SEARCH_BLOCKS. Throws the signal's reason when that is aborted.
 */
export async function scanBlocks(
  chain: ChainReader,
  range: { readonly from: bigint; readonly to: bigint },
  signal: AbortSignal,
  visit: Visit,
): Promise<ScanEnd> {
  const step = range.from <= range.to ? 1n : -1n;
  const slice = createSlicer();
  let seen = 0n;
  for (let number = range.from; number !== range.to + step; number += step) {
    const reason = abortReason(signal);
    if (reason !== null) throw reason;
    seen += 1n;
    if (seen > MAX_SEARCH_BLOCKS) return 'limit';
    const head = chain.headerByNumber(number);
    if (head !== null && head.header.gasUsed > 0n) {
      const block = chain.blockByNumber(number);
      if (block !== null && (await visit(block))) return number === range.to ? 'all' : 'enough';
    }
    await slice();
  }
  return 'all';
}

/** Throws RefusedError where the limit ended a scan that has found nothing. */
export function refuseEmptyLimit(end: ScanEnd, hasFound: boolean): void {
  if (end !== 'limit' || hasFound) return;
  throw new RefusedError(`nothing was found in ${MAX_SEARCH_BLOCKS} blocks: a search looks at no more at once`);
}
