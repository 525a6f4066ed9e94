import type { Address, Hash, Log } from '@heddle/types';

/** Which logs are wanted. null matches everything. */
export interface LogCriteria {
  readonly addresses: ReadonlySet<Address> | null;
  /** By position. A log with fewer topics than there are positions does not match, as in geth. */
  readonly topics: readonly (ReadonlySet<Hash> | null)[];
}

export const ANY_LOG: LogCriteria = { addresses: null, topics: [] };

export function matchesLog(criteria: LogCriteria, log: Log): boolean {
  if (criteria.addresses !== null && !criteria.addresses.has(log.address)) return false;
  if (criteria.topics.length > log.topics.length) return false;
  return criteria.topics.every((wanted, position) => {
    const topic = log.topics[position];
    return wanted === null || (topic !== undefined && wanted.has(topic));
  });
}
