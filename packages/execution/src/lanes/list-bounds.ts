import type { AccountAccess, BlockAccessList } from '@heddle/types';
import { GAS_PER_LISTED_ITEM, MAX_SYSTEM_ITEMS } from '../limits.ts';

/**
 * Why an access list cannot be that of a chunk whose last index is `lastIndex`, or null. That it is sorted and unique,
 * decoding has checked. Every item costs gas: one that is longer than a chunk of this gas limit can pay for, and system
 * work adds, is not worth reading (EIP-7928). That is no rule of validity: how long a chunk may be, its bytes decide.
 */
export function boundsError(list: BlockAccessList, lastIndex: number, gasLimit: bigint): string | null {
  const most = Number(gasLimit / BigInt(GAS_PER_LISTED_ITEM)) + MAX_SYSTEM_ITEMS;
  let items = 0;
  for (const access of list) {
    items += 1 + access.storageChanges.length + access.storageReads.length;
    if (items > most) return `more than ${most} accounts and slots are listed`;
    if (highestIndex(access) > lastIndex) return `${access.address} changes after index ${lastIndex}`;
  }
  return null;
}

/** Indices ascend within each list of changes. */
function highestIndex(access: AccountAccess): number {
  let highest = -1;
  const { balanceChanges, nonceChanges, codeChanges, storageChanges } = access;
  for (const changes of [balanceChanges, nonceChanges, codeChanges])
    highest = Math.max(highest, changes.at(-1)?.index ?? -1);
  for (const { changes } of storageChanges) highest = Math.max(highest, changes.at(-1)?.index ?? -1);
  return highest;
}
