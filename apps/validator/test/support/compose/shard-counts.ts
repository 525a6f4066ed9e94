/** The numbers of shards on which contracts compose as on Ethereum; the suites of `e2e/compose` run on each. */
export const COMPOSED_SHARD_COUNTS: readonly number[] = [2, 4];
