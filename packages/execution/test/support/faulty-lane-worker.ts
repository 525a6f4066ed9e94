import { createMessageRules, createShardRules } from '@heddle/sharding';
import { serveLanes } from '../../src/index.ts';

/** Questions that a worker of this kind answers before it dies. */
const ANSWERS = 400;

let answers = 0;

/* A worker with rules that fail: for two shards with an error, for one shard by death in the middle of a big job. */
serveLanes((shard, shardCount) => {
  if (shardCount === 2) throw new Error('no rules for two shards');
  const rules = createShardRules({ shard, shardCount });
  return {
    shard: {
      ...rules,
      residence: (state, address) => {
        answers += 1;
        if (answers === ANSWERS) process.exit(1);
        return rules.residence(state, address);
      },
    },
    message: createMessageRules({ shard, shardCount }),
  };
});
