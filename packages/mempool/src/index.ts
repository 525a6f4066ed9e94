export { MAX_NONCES_AHEAD, MAX_TRANSACTION_BYTES } from './limits.ts';
export { createMempool, DEFAULT_CAPACITY, type PoolCapacity } from './mempool.ts';
export type { AccountSource, AddResult, PoolRules, TransactionPool } from './ports.ts';
