/** What an update takes out of a shard's tries, as it waits to be deleted: in pieces, so that each is a short work. */
import { EMPTY_BYTES, encodeRlp, HASH_BYTES, hexToBytes, type RlpItem } from '@heddle/primitives';
import type { TrieDelta, TrieOwner } from '@heddle/state';
import { CorruptRecordError } from './errors.ts';
import { REMOVED_PIECE_NODES } from './limits.ts';
import { fieldsOf, recordsIn } from './record-fields.ts';

const REMOVED = 'list of removed nodes';

/** Of one trie. */
export interface RemovedNodes {
  readonly owner: TrieOwner;
  readonly hashes: readonly Uint8Array[];
}

/** Each value has at most `REMOVED_PIECE_NODES`. */
export function encodeRemoved(tries: Iterable<TrieDelta>): readonly Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let groups: RlpItem[] = [];
  let count = 0;
  for (const { owner, removed } of tries) {
    let hashes: Uint8Array[] = [];
    const endGroup = (): void => {
      if (hashes.length > 0) groups.push([owner === null ? EMPTY_BYTES : hexToBytes(owner), joined(hashes)]);
      hashes = [];
    };
    for (const hash of removed) {
      hashes.push(hash);
      if (++count < REMOVED_PIECE_NODES) continue;
      endGroup();
      pieces.push(encodeRlp(groups));
      groups = [];
      count = 0;
    }
    endGroup();
  }
  if (groups.length > 0) pieces.push(encodeRlp(groups));
  return pieces;
}

function joined(hashes: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(hashes.length * HASH_BYTES);
  for (const [index, hash] of hashes.entries()) bytes.set(hash, index * HASH_BYTES);
  return bytes;
}

/** Throws `CorruptRecordError`. */
export function decodeRemoved(bytes: Uint8Array): readonly RemovedNodes[] {
  return recordsIn(REMOVED, bytes).map((item) => {
    const reader = fieldsOf(REMOVED, item, 2);
    const owner = reader.addressOrNull('owner');
    const all = reader.bytes('hashes');
    if (all.length % HASH_BYTES !== 0) throw new CorruptRecordError(REMOVED);
    const hashes: Uint8Array[] = [];
    for (let at = 0; at < all.length; at += HASH_BYTES) hashes.push(all.subarray(at, at + HASH_BYTES));
    return { owner, hashes };
  });
}
