import { rm } from 'node:fs/promises';
import {
  createLayer,
  EMPTY_STATE,
  genesisLayer,
  openState,
  type StateBackend,
  type StateChanges,
  type StateUpdate,
} from '@heddle/state';
import { type ChainStore, directoryMedium, openChainStore } from '@heddle/storage';
import { testBlock } from '@heddle/storage/conformance';
import { EMPTY_TRIE_ROOT, type Hash, hashBlockHeader, hashChunkHeader, NO_CONTROL, ZERO_HASH } from '@heddle/types';

/** A chain of one shard whose blocks change its state and nothing else, on disk as a node keeps it. */
export class SoakChain {
  readonly #store: ChainStore;
  #root: Hash = EMPTY_TRIE_ROOT;
  /** Milliseconds that went into layers and into commits. */
  readonly spent: { layersMs: number; commitsMs: number } = { layersMs: 0, commitsMs: 0 };
  nodes = 0;
  nodeBytes = 0;

  private constructor(store: ChainStore) {
    this.#store = store;
  }

  /** In a directory that is emptied. */
  static async create(directory: string, cacheBytes: number): Promise<SoakChain> {
    await rm(directory, { recursive: true, force: true });
    const block = testBlock(0n, ZERO_HASH, [EMPTY_TRIE_ROOT], null);
    const nothing = genesisLayer({ accounts: new Map(), storage: new Map(), codes: new Map() });
    const genesis = { block, blockHash: hashBlockHeader(block.header), genesisJson: '{}', shards: [nothing] };
    return new SoakChain(await openChainStore({ medium: directoryMedium(directory), genesis }, cacheBytes));
  }

  get root(): Hash {
    return this.#root;
  }

  get state(): StateBackend {
    return this.#store.state(0);
  }

  /** One block with these changes, final. */
  async commit(changes: StateChanges): Promise<void> {
    const started = performance.now();
    const head = this.#store.head();
    const parent = head.block.header.number === 0n ? EMPTY_STATE : openState(this.state, this.#root);
    const layer = createLayer(parent, changes);
    const computed = performance.now();
    const block = testBlock(head.block.header.number + 1n, head.hash, [layer.root], null);
    const header = block.chunks[0]?.header;
    const chunks =
      header === undefined ? [] : [{ chunkHash: hashChunkHeader(header), ...NOTHING_BUT_STATE, ...stateOf(layer) }];
    const blockHash = hashBlockHeader(block.header);
    await this.#store.commit({
      block,
      blockHash,
      finalization: null,
      chunks,
      section: null,
      accessLists: [],
      named: null,
      control: NO_CONTROL,
      derived: null,
    });
    this.#root = layer.root;
    this.nodes += layer.nodes.size;
    for (const { rlp } of layer.nodes) this.nodeBytes += rlp.length;
    this.spent.layersMs += computed - started;
    this.spent.commitsMs += performance.now() - computed;
  }

  close(): Promise<void> {
    return this.#store.close();
  }
}

const NOTHING_BUT_STATE = {
  shard: 0,
  chunk: null,
  executed: [],
  dispatched: [],
  delivered: [],
  outbox: [],
  burned: 0n,
} as const;

function stateOf({ changes, storageRoots, nodes, tries }: StateUpdate): StateUpdate {
  return { changes, storageRoots, nodes, tries };
}
