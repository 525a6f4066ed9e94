import { EMPTY_BYTES } from '@heddle/primitives';
import { type Authorization, delegationCode, isContractCode, recoverAuthority, ZERO_ADDRESS } from '@heddle/types';
import { MAX_NONCE } from '../limits.ts';
import type { World } from '../world/world.ts';
import { AUTHORIZATION_GAS } from './intrinsic-gas.ts';

/** EIP-7702: what of an authorization's price comes back when the authority existed already. */
const EXISTING_AUTHORITY_REFUND: number = AUTHORIZATION_GAS - 12_500;

/** Sets the delegations of a transaction; a bad authorization is skipped. Returns the refund in gas. */
export function processAuthorizations(world: World, chainId: bigint, authorizations: readonly Authorization[]): number {
  let refund = 0;
  for (const authorization of authorizations) refund += processAuthorization(world, chainId, authorization);
  return refund;
}

/** The authority is touched once signature, chain and nonce bound pass. */
function processAuthorization(world: World, chainId: bigint, authorization: Authorization): number {
  if (authorization.chainId !== 0n && authorization.chainId !== chainId) return 0;
  if (authorization.nonce >= MAX_NONCE) return 0;
  const authority = recoverAuthority(authorization);
  if (authority === null) return 0;
  world.warm(authority);
  const code = world.code(authority);
  if (isContractCode(code)) return 0;
  if (world.nonce(authority) !== authorization.nonce) return 0;
  const refund = world.exists(authority) ? EXISTING_AUTHORITY_REFUND : 0;
  world.setCode(
    authority,
    authorization.address === ZERO_ADDRESS ? EMPTY_BYTES : delegationCode(authorization.address),
  );
  world.setNonce(authority, authorization.nonce + 1n);
  return refund;
}
