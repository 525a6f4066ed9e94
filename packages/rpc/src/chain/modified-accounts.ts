import type { AccountAccess, Address } from '@heddle/types';
import { InvalidParamsError, NotTraceableError } from '../errors.ts';
import { MAX_MODIFIED_BLOCKS } from '../limits.ts';
import type { ChainReader } from '../ports.ts';

/**
 * Accounts that the blocks behind `first` up to `last` have written, sorted: what their access lists (EIP-7928) say. One that
 * came back to what it was is among them, unlike in geth, which compares states.
 */
export async function modifiedBetween(chain: ChainReader, first: bigint, last: bigint): Promise<readonly Address[]> {
  if (first >= last) {
    throw new InvalidParamsError(`start block height (${first}) must be less than end block height (${last})`);
  }
  if (last - first > MAX_MODIFIED_BLOCKS) {
    throw new InvalidParamsError(`block range too large: at most ${MAX_MODIFIED_BLOCKS} blocks at once`);
  }
  const modified = new Set<Address>();
  for (let number = first + 1n; number <= last; number += 1n) {
    const list = await chain.accessList(number);
    if (list === null) throw new NotTraceableError(`the access list of block ${number} is not kept`);
    for (const access of list) if (changesAnything(access)) modified.add(access.address);
  }
  return [...modified].sort();
}

function changesAnything({ storageChanges, balanceChanges, nonceChanges, codeChanges }: AccountAccess): boolean {
  return storageChanges.length + balanceChanges.length + nonceChanges.length + codeChanges.length > 0;
}
