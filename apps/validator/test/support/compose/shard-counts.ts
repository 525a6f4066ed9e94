/**
 * The numbers of shards on which the suites of `e2e/compose` run, beside anvil, which is Ethereum. `npm run test:compose` names
 * more of them than `npm test` has time for.
 */
export const COMPOSED_SHARD_COUNTS: readonly number[] = (process.env.HEDDLE_COMPOSED_SHARDS ?? '4')
  .split(',')
  .map(Number);
