import { serveLanes } from '@heddle/execution';
import { createMessageRules, createShardRules } from '@heddle/sharding';

/* What a worker thread of the lane pool runs: execution under the rules of whatever shard a job is of. */
serveLanes((shard, shardCount) => ({
  shard: createShardRules({ shard, shardCount }),
  message: createMessageRules({ shard, shardCount }),
}));
