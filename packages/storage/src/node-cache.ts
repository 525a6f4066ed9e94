import { type NodeSet, NodeTable } from '@heddle/state';

/** Trie nodes within a number of bytes, in two generations as `ByteCache` has them: packed, so that bytes are bytes. */
export class NodeCache {
  readonly #generationBytes: number;
  #young = new NodeTable();
  #old: NodeSet = new NodeTable();

  constructor(bytes: number) {
    this.#generationBytes = bytes / 2;
  }

  get(hash: Uint8Array): Uint8Array | undefined {
    const young = this.#young.get(hash);
    if (young !== undefined) return young;
    const old = this.#old.get(hash);
    if (old !== undefined) this.add(hash, old);
    return old;
  }

  /** Copies the node. */
  add(hash: Uint8Array, rlp: Uint8Array): void {
    if (this.#young.bytes >= this.#generationBytes) {
      this.#old = this.#young;
      this.#young = new NodeTable();
    }
    this.#young.add(hash, rlp);
  }
}
