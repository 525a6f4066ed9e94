import { bytesToHex } from '@heddle/primitives';
import { type NodeSource, NodeTable, type TrieEntry, updateTrie } from '@heddle/state';
import { EMPTY_TRIE_ROOT, type Hash } from '@heddle/types';

/** A trie on a plain map, for tests. */
export class NodeMap implements NodeSource {
  readonly nodes: NodeTable = new NodeTable();
  root: Hash = EMPTY_TRIE_ROOT;

  node(hash: Uint8Array): Uint8Array {
    const node = this.nodes.get(hash);
    if (node === undefined) throw new Error(`no node ${bytesToHex(hash)}`);
    return node;
  }

  nodeAtHand(hash: Uint8Array): Uint8Array | undefined {
    return this.nodes.get(hash);
  }

  update(entries: readonly Pick<TrieEntry, 'key' | 'value'>[]): Hash {
    const unknown = entries.map((entry) => ({ ...entry, before: null }));
    this.root = updateTrie(this, this.root, unknown, this.nodes);
    return this.root;
  }
}
