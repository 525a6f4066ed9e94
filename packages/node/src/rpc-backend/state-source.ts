import { type StateSource, StateUnavailableError } from '@heddle/simulation';
import { MissingNodeError, openHistoricState, type StateReader } from '@heddle/state';
import type { Hash, ShardId } from '@heddle/types';
import type { Chain } from '../chain/chain.ts';
import type { NodeGroup } from './node-group.ts';

/**
 * State by its root, from the stores of the validators of this process. A root names the same state on all of them, so each
 * read may go to another one: to the primary of the moment, as every read of RPC.
 */
export function createStateSource(group: NodeGroup): StateSource {
  return {
    state: (shard, root) => readerOf(group, shard, root),
    blockHash: (number) => group.read(({ chain }) => chain.store.blockHashByNumber(number)),
  };
}

function readerOf(group: NodeGroup, shard: ShardId, root: Hash): StateReader {
  const read = <Value>(use: (state: StateReader) => Value): Value =>
    group.read(({ chain }) => readState(chain, shard, root, use));
  return {
    account: (address) => read((state) => state.account(address)),
    storage: (address, slot) => read((state) => state.storage(address, slot)),
    code: (codeHash) => read((state) => state.code(codeHash)),
  };
}

/** Flat reads while the root is the head's, through the trie otherwise. */
function readState<Value>(chain: Chain, shard: ShardId, root: Hash, use: (state: StateReader) => Value): Value {
  const { state } = chain.shardTip(chain.tree.root, shard);
  if (state.root === root) return use(state);
  try {
    return use(openHistoricState(chain.store.state(shard), root));
  } catch (error) {
    if (error instanceof MissingNodeError) throw new StateUnavailableError(root);
    throw error;
  }
}
