import { lackOfQuorum, type NodeStatus } from '@heddle/node';

/** Why a node should not be asked yet, or any more; null when it may be. `status` is null where it can not tell. */
export function unreadiness(status: NodeStatus | null): string | null {
  if (status === null) return 'it starts or stops';
  const { reachedValidators, validators, isCatchingUp, role, clockBehindMs } = status;
  if (clockBehindMs > 0) return `its clock is ${Math.round(clockBehindMs / 1_000)} s behind those of the validators`;
  if (isCatchingUp) return 'it fetches blocks that are final already';
  const lack = lackOfQuorum(reachedValidators, validators);
  if (lack !== null) return lack;
  return role === 'watching' ? 'it signs nothing until it is clear that its key is used nowhere else' : null;
}
