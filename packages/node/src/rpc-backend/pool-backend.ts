import type { PoolAccess, SubmitResult } from '@heddle/rpc';
import { isImpersonated, type RecoveredTransaction } from '@heddle/types';
import type { ExecutionWaiter } from './execution-waiter.ts';
import { ImpersonatedTransactions } from './impersonated-transactions.ts';
import type { NodeGroup } from './node-group.ts';

/**
 * The pool of whichever validator is ahead; gossip brings a transaction to the others, the process an impersonated one.
 * `waiter` is null where blocks come anyway: then a send is answered at once.
 */
export function createPoolBackend(group: NodeGroup, waiter: ExecutionWaiter | null): PoolAccess {
  const impersonated = new ImpersonatedTransactions(group);
  return {
    executed: (hash) => waiter?.executed(hash) ?? Promise.resolve(),
    submit: async (transaction) => {
      const result = await submit(group, transaction);
      if (result.ok && isImpersonated(transaction)) await impersonated.handOut(transaction);
      return result;
    },
    pendingNonce: async (address) => group.read((node) => node.pendingNonce(address)),
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
  // Gossip may not bring it to who makes blocks.
  if (added.ok && !group.isPrimarySound()) for (const node of group.running.values()) node.submit(transaction);
  return added.ok ? { ok: true, hash: transaction.hash } : { ok: false, reason: added.reason };
}
