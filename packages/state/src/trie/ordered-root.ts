import { assert, bytesToHex, encodeRlp, encodeUint } from '@heddle/primitives';
import { EMPTY_TRIE_ROOT, type Hash } from '@heddle/types';
import { MissingNodeError } from '../errors.ts';
import { NodeTable } from './node-table.ts';
import type { TrieEntry } from './sort.ts';
import { type NodeSource, updateTrie } from './update.ts';

/** Of an empty trie, from which nothing can be read. */
export const NO_NODES: NodeSource = {
  node(hash: Uint8Array): Uint8Array {
    throw new MissingNodeError(bytesToHex(hash));
  },
  nodeAtHand: () => undefined,
};

/** Root of the trie with keys rlp(index): transactionsRoot, receiptsRoot, withdrawalsRoot. Items are not empty. */
export function orderedTrieRoot(items: readonly Uint8Array[]): Hash {
  const entries: TrieEntry[] = items.map((value, index) => {
    assert(value.length > 0, 'an item of an ordered trie is not empty');
    return { key: encodeRlp(encodeUint(index)), value, before: null };
  });
  return updateTrie(NO_NODES, EMPTY_TRIE_ROOT, entries, new NodeTable());
}
