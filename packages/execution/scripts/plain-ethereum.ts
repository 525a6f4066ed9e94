import { createShardRules, type ShardRules } from '@heddle/sharding';

/** One shard: the rules that are Ethereum's, and nothing beside them. */
export const PLAIN_ETHEREUM: ShardRules = createShardRules({ shard: 0, shardCount: 1 });
