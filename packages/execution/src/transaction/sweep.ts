import type { ShardRules } from '@heddle/sharding';
import type { Address, ShardId } from '@heddle/types';
import type { World } from '../world/world.ts';

/** Value that an account of another shard received here. */
export interface NonLocalBalance {
  readonly address: Address;
  /** Its residence. */
  readonly shard: ShardId;
  /** Wei, above 0; already taken off the account. */
  readonly balance: bigint;
}

/**
 * Takes the value off every account of another shard that was touched at the current access-list index, in the order of
 * first touch. Call after `World.finishTransaction` and before the next `beginIndex`.
 */
export function nonLocalBalances(world: World, rules: ShardRules): readonly NonLocalBalance[] {
  const swept: NonLocalBalance[] = [];
  for (const account of world.touchedAccounts()) {
    const { address, balance } = account;
    if (balance === 0n) continue;
    const residence = rules.residence(world.unrecorded, address);
    if (residence.kind === 'local') continue;
    world.setBalance(account, 0n);
    swept.push({ address, shard: residence.shard, balance });
  }
  return swept;
}
