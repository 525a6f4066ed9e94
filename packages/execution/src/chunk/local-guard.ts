import type { ShardRules } from '@heddle/sharding';
import type { StateReader } from '@heddle/state';
import { RemoteTouchError } from '../errors.ts';
import type { TouchGuard } from '../world/world.ts';

/**
 * The local rule (global.md, "Local, or in the section"): only accounts that reside on the shard, or are replicated there,
 * may be touched. An account that has anything here resides here, so only what looks empty asks for the directory; of what is
 * replicated by code, balance and nonce are at home. Null with one shard, where all is local.
 */
export function localGuard(rules: ShardRules, state: StateReader): TouchGuard | null {
  if (rules.shardCount === 1) return null;
  return {
    check: (account) => {
      if (!account.isCodeReplica && !account.isEmpty()) return;
      if (rules.residence(state, account.address) !== rules.shard) throw new RemoteTouchError(account.address, null);
    },
  };
}
