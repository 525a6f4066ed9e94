import { ImpossibleStateError } from '@heddle/primitives';
import { home, listedShard } from '@heddle/sharding';
import { openHistoricState, type StateReader } from '@heddle/state';
import type { Address, ShardId } from '@heddle/types';
import type { Chain } from '../chain/chain.ts';

/** State of every shard after one final block. Valid during one synchronous run: the head's flat state moves on. */
export class StateAt {
  readonly #chain: Chain;
  readonly #number: bigint;

  /** `number` is at most the final head's. */
  constructor(chain: Chain, number: bigint) {
    this.#chain = chain;
    this.#number = number;
  }

  /** Flat reads at the head, through the trie below it. */
  shard(shard: ShardId): StateReader {
    const { tree, store } = this.#chain;
    if (this.#number === tree.root.height) return this.#chain.shardTip(tree.root, shard).state;
    const header = store.blockByNumber(this.#number)?.chunks[shard]?.header;
    if (header === undefined) throw new ImpossibleStateError(`block ${this.#number} has no shard ${shard}`);
    return openHistoricState(store.state(shard), header.stateRoot);
  }

  /** Where the account's state is: a directory that lists it, the creator's knowing first, or its home. */
  residence(address: Address): ShardId {
    const { shardCount } = this.#chain.genesis;
    const homeShard = home(address, shardCount);
    if (shardCount === 1) return homeShard;
    const atHome = this.#chain.rules(homeShard).residence(this.shard(homeShard), address);
    if (atHome.kind === 'remoteContract') return atHome.shard;
    for (let shard = 0; shard < shardCount; shard++) {
      const listed = listedShard(this.shard(shard), address, shardCount);
      if (listed !== null) return listed;
    }
    return homeShard;
  }
}
