import { assert } from '@heddle/primitives';
import { openState, type StateLayer } from '@heddle/state';
import { decidedParentOf, type ShardId, type TupleCertificate } from '@heddle/types';
import { FinalityConflictError, StoppedError } from '../errors.ts';
import type { Telling, ValidatorEvents } from '../parts/events.ts';
import type { Foundation } from '../parts/foundation.ts';
import type { Chain } from './chain.ts';
import type { ExecutedBlock } from './executed-block.ts';
import { finalBlockWrite } from './final-block.ts';

/** Moves final blocks from the tree to the store, one atomic batch a block, in height order. */
export class Finalizer {
  readonly #chain: Chain;
  readonly #events: Pick<ValidatorEvents, 'blockFinal'>;
  #last: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor({ chain, events }: Pick<Foundation, 'chain'> & Telling<'blockFinal'>) {
    this.#chain = chain;
    this.#events = events;
  }

  /**
   * Commits the certified block with its ancestors. Resolves to false when the block is not executed here yet:
   * the caller fetches it and comes back. Throws `FinalityConflictError` when it contradicts what is final already,
   * `StoppedError`.
   */
  finalize(certificate: TupleCertificate): Promise<boolean> {
    const run = this.#last.then(() => this.#commitPath(certificate));
    this.#last = run.then(
      () => undefined,
      () => undefined,
    );
    return run;
  }

  /** Commits one block on the final head that is known to be final through a descendant (catch-up). Throws as `finalize`. */
  commitNext(block: ExecutedBlock): Promise<void> {
    const run = this.#last.then(() => this.#commit(block, null));
    this.#last = run.catch(() => undefined);
    return run;
  }

  /** No further block is committed; resolves when the one under way is. Who has blocks left gets `StoppedError`. */
  stop(): Promise<void> {
    this.#stopped = true;
    return this.#last;
  }

  async #commitPath(certificate: TupleCertificate): Promise<boolean> {
    const { blockHash } = certificate.tuple;
    const { tree, store } = this.#chain;
    if (store.blockByHash(blockHash) !== null) return true;
    const path = tree.pathFromRoot(blockHash);
    if (path === null) return false;
    for (const block of path) await this.#commit(block, block.hash === blockHash ? certificate : null);
    return true;
  }

  async #commit(block: ExecutedBlock, certificate: TupleCertificate | null): Promise<void> {
    const { tree, store, epochs, validatorSets } = this.#chain;
    if (store.blockByHash(block.hash) !== null) return;
    if (this.#stopped) throw new StoppedError();
    const parentHash = decidedParentOf(block.block);
    if (parentHash !== tree.root.hash) throw new FinalityConflictError(block.height, tree.root.hash, parentHash);
    // The finalization that ends an epoch is what laggards climb by: nothing above it could stand for it.
    assert(certificate !== null || !epochs.isBoundary(block.height), `block ${block.height} ends its epoch`);
    // In the very moment in which the flat state moves: nobody executes on the old root and reads the new state.
    const write = finalBlockWrite(block, certificate, validatorSets.namedBy(block));
    await store.commit(write, () => tree.advance(settle(this.#chain, block)));
    assert(tree.root.hash === block.hash, 'the tree has moved with the store');
    this.#events.blockFinal(block);
  }
}

/**
 * The block as the tree's new root: its changes are on disk now, so the layers above are hung from there.
 * Otherwise every block would keep all its ancestors in memory.
 */
function settle(chain: Chain, block: ExecutedBlock): ExecutedBlock {
  const children = chain.tree.children(block.hash);
  const shards = block.shards.map((tip, shard) => {
    const state = openState(chain.store.state(shard), tip.state.root);
    for (const child of children) lowestLayer(chain, child, shard)?.rebase(state);
    return { ...tip, state, executed: null };
  });
  return { ...block, shards, section: null, derived: null };
}

/** The lowest of the block's own layers of a shard: of its chunk, or of its section where the shard is missing. */
function lowestLayer(chain: Chain, block: ExecutedBlock, shard: ShardId): StateLayer | null {
  return chain.shardTip(block, shard).executed?.layer ?? block.section?.layers[shard] ?? null;
}
