import type { SubmitResult, TransactionPool } from '@heddle/rpc';
import type { Address, RecoveredTransaction } from '@heddle/types';
import type { NodeGroup } from './node-group.ts';
import { StateAt } from './state-at.ts';

/** The pool of whichever validator is ahead; gossip brings a transaction to the others. */
export function createPoolBackend(group: NodeGroup): TransactionPool {
  return {
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
