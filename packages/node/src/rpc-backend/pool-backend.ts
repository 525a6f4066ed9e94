import type { PoolAccess, SubmitResult } from '@heddle/rpc';
import { home } from '@heddle/sharding';
import type { Address, RecoveredTransaction } from '@heddle/types';
import type { ValidatorNode } from '../validator-node.ts';
import type { ExecutionWaiter } from './execution-waiter.ts';
import type { NodeGroup } from './node-group.ts';
import { StateAt } from './state-at.ts';

/**
 * The pool of whichever validator is ahead; gossip brings a transaction to the others.
 * `waiter` is null where blocks come anyway: then a send is answered at once.
 */
export function createPoolBackend(group: NodeGroup, waiter: ExecutionWaiter | null): PoolAccess {
  return {
    executed: (hash) => waiter?.executed(hash) ?? Promise.resolve(),
    submit: (transaction) => submit(group, transaction),
    pendingNonce: async (address) => group.read((node) => pendingNonce(node, address)),
    pending: () => group.primary().pool.all(),
  };
}

/** Who is told that a transaction was taken finds it again after a restart: it has been written by then. */
async function submit(group: NodeGroup, transaction: RecoveredTransaction): Promise<SubmitResult> {
  const added = await group.readLater(async (node) => {
    const result = node.submit(transaction);
    if (result.ok) await node.submissionsKept();
    return result;
  });
  return added.ok ? { ok: true, hash: transaction.hash } : { ok: false, reason: added.reason };
}

/** A contract that lives away from its home is not in the pool's sight; it has no transactions of its own either. */
function pendingNonce(node: ValidatorNode, address: Address): bigint {
  const state = new StateAt(node.chain, node.chain.tree.root.height);
  const residence = state.residence(address);
  if (residence === home(address, node.chain.genesis.shardCount)) return node.pendingNonce(address);
  return state.shard(residence).account(address)?.nonce ?? 0n;
}
