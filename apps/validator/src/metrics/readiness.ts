import { clockProblem, lackOfQuorum, type NodeStatus } from '@heddle/node';

/** Why a node should not be asked yet, or any more; null when it may be. `status` is null where it can not tell. */
export function unreadiness(status: NodeStatus | null): string | null {
  if (status === null) return 'it starts or stops';
  const { reachedValidators, validators, isCatchingUp, role, clockAheadMs } = status;
  if (clockAheadMs !== 0) return clockProblem(clockAheadMs);
  if (isCatchingUp) return 'it fetches blocks that are final already';
  const lack = lackOfQuorum(reachedValidators, validators);
  if (lack !== null) return lack;
  return role === 'watching' ? 'it signs nothing until it is clear that its key is used nowhere else' : null;
}
