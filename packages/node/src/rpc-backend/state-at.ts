import { ImpossibleStateError } from '@heddle/primitives';
import { home, type PlaceOf, rememberPlaces, residenceAmong, WHOLE_REPLICAS } from '@heddle/sharding';
import { openHistoricState, type StateReader, type StateSnapshot, StateUnavailableError } from '@heddle/state';
import type { ChainStore } from '@heddle/storage';
import { type Address, type ShardId, stateRootsOf } from '@heddle/types';
import type { Chain } from '../chain/chain.ts';

/** Throws `StateUnavailableError` if the state after the final block `number` is not kept any more. */
export function requireState(store: ChainStore, number: bigint): void {
  const history = store.stateHistory();
  if (number < history.oldest) throw new StateUnavailableError(number, history);
}

/** State of every shard after one final block. Valid during one synchronous run: the head's flat state moves on. */
export class StateAt {
  readonly #chain: Chain;
  readonly #number: bigint;

  /** `number` is at most the final head's. */
  constructor(chain: Chain, number: bigint) {
    this.#chain = chain;
    this.#number = number;
  }

  /** Flat reads at the head, through the trie below it. Throws `StateUnavailableError`. */
  shard(shard: ShardId): StateSnapshot {
    const { tree, store } = this.#chain;
    if (this.#number === tree.root.height) return this.#chain.shardTip(tree.root, shard).state;
    requireState(store, this.#number);
    const block = store.blockByNumber(this.#number);
    const root = block === null ? undefined : stateRootsOf(block)[shard];
    if (root === undefined) throw new ImpossibleStateError(`block ${this.#number} has no shard ${shard}`);
    return openHistoricState(store.state(shard), root);
  }

  /** Of all shards, in shard order. */
  all(): readonly StateReader[] {
    const { root } = this.#chain.tree;
    if (this.#number === root.height) return root.shards.map(({ state }) => state);
    return Array.from({ length: this.#chain.genesis.shardCount }, (_, shard) => this.shard(shard));
  }

  /** Where the account's balance and nonce are. What every shard has of its own is shown as its home has it. */
  residence(address: Address): ShardId {
    const { shardCount } = this.#chain.genesis;
    if (WHOLE_REPLICAS.has(address)) return home(address, shardCount);
    return residenceAmong(this.all(), address, placesOf(this.#chain));
  }
}

/** The same addresses are asked for again and again: their two keccaks are remembered as long as the chain is open. */
const places = new WeakMap<Chain, PlaceOf>();

function placesOf(chain: Chain): PlaceOf {
  const known = places.get(chain);
  if (known !== undefined) return known;
  const remembering = rememberPlaces(chain.genesis.shardCount);
  places.set(chain, remembering);
  return remembering;
}
