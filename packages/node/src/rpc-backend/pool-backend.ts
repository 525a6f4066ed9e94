import type { SubmitResult, TransactionPool } from '@heddle/rpc';
import type { Address, RecoveredTransaction } from '@heddle/types';
import type { ExecutionWaiter } from './execution-waiter.ts';
import type { NodeGroup } from './node-group.ts';
import { StateAt } from './state-at.ts';

/**
 * The pool of whichever validator is ahead; gossip brings a transaction to the others.
 * `waiter` is null where blocks come anyway: then a send is answered at once.
 */
export function createPoolBackend(group: NodeGroup, waiter: ExecutionWaiter | null): TransactionPool {
  return {
    executed: (hash) => waiter?.executed(hash) ?? Promise.resolve(),
    submit: async (transaction) => submit(group, transaction),
    pendingNonce: async (address) => pendingNonce(group, address),
    pending: () => group.primary().pool.all(),
  };
}

function submit(group: NodeGroup, transaction: RecoveredTransaction): SubmitResult {
  const added = group.primary().submit(transaction);
  return added.ok ? { ok: true, hash: transaction.hash } : { ok: false, reason: added.reason };
}

function pendingNonce(group: NodeGroup, address: Address): bigint {
  const { chain, pool } = group.primary();
  const pooled = pool.pendingNonce(address);
  if (pooled !== null) return pooled;
  const state = new StateAt(chain, chain.tree.root.height);
  return state.shard(state.residence(address)).account(address)?.nonce ?? 0n;
}
