import { createMessageRules, createShardRules } from '@heddle/sharding';
import { serveLanes } from '../../src/index.ts';

serveLanes((shard, shardCount) => ({
  shard: createShardRules({ shard, shardCount }),
  message: createMessageRules({ shard, shardCount }),
}));
