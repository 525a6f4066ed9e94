import type { Address, Hash } from '@heddle/types';
import type { Account } from './reader.ts';

/** What one layer, or a run of successive layers, changed. */
export interface Segment {
  /** `null` = deleted. */
  readonly accounts: ReadonlyMap<Address, Account | null>;
  readonly storage: ReadonlyMap<Address, ReadonlyMap<bigint, bigint>>;
  /** Accounts whose storage from below this segment is gone, even if they were created anew within it. */
  readonly wiped: ReadonlySet<Address>;
  readonly codes: ReadonlyMap<Hash, Uint8Array>;
}

/** The slot's value as this segment knows it; `undefined` = look below. */
export function segmentStorage(segment: Segment, address: Address, slot: bigint): bigint | undefined {
  const value = segment.storage.get(address)?.get(slot);
  if (value !== undefined) return value;
  return segment.wiped.has(address) ? 0n : undefined;
}

/** One segment with the effect of all: `segments` run from the oldest to the newest. */
export function mergeSegments(segments: readonly Segment[]): Segment {
  const accounts = new Map<Address, Account | null>();
  const storage = new Map<Address, Map<bigint, bigint>>();
  const wiped = new Set<Address>();
  const codes = new Map<Hash, Uint8Array>();
  for (const segment of segments) {
    for (const [address, account] of segment.accounts) accounts.set(address, account);
    for (const address of segment.wiped) {
      wiped.add(address);
      storage.delete(address);
    }
    for (const [address, slots] of segment.storage) {
      const merged = storage.get(address);
      if (merged === undefined) storage.set(address, new Map(slots));
      else for (const [slot, value] of slots) merged.set(slot, value);
    }
    for (const [hash, code] of segment.codes) codes.set(hash, code);
  }
  return { accounts, storage, wiped, codes };
}
