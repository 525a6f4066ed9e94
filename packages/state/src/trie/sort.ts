import { compareBytes } from '@heddle/primitives';

/** One key to set, or to delete where `value` is null. A value is never empty. */
export interface TrieEntry {
  readonly key: Uint8Array;
  readonly value: Uint8Array | null;
  /** The value that the key has in the trie so far, where the caller knows it; null = it must be read. */
  readonly before: (() => Uint8Array) | null;
}

/** Beside 32 bits of the key a number has room for 21 bits of a place. */
const MAX_PLACES = 2 ** 21;

function keyPrefix(key: Uint8Array): number {
  return (((key[0] ?? 0) << 24) | ((key[1] ?? 0) << 16) | ((key[2] ?? 0) << 8) | (key[3] ?? 0)) >>> 0;
}

const byKey = (a: TrieEntry, b: TrieEntry): number => compareBytes(a.key, b.key);

/** The entries in the order of their keys: sorted as numbers by the first four bytes, by all where those are equal. */
export function sortEntries(entries: readonly TrieEntry[]): readonly TrieEntry[] {
  if (entries.length > MAX_PLACES) return entries.toSorted(byKey);
  const numbers = new Float64Array(entries.length);
  for (const [place, { key }] of entries.entries()) numbers[place] = keyPrefix(key) * MAX_PLACES + place;
  numbers.sort();
  const sorted: TrieEntry[] = [];
  for (let low = 0, end = 0; low < numbers.length; low = end) {
    const prefix = Math.floor((numbers[low] ?? 0) / MAX_PLACES);
    for (end = low; end < numbers.length && Math.floor((numbers[end] ?? 0) / MAX_PLACES) === prefix; end++) {
      const entry = entries[(numbers[end] ?? 0) % MAX_PLACES];
      if (entry !== undefined) sorted.push(entry);
    }
    if (end - low > 1) for (const [i, entry] of sorted.splice(low).sort(byKey).entries()) sorted[low + i] = entry;
  }
  return sorted;
}
