export { MAX_NONCES_AHEAD, MAX_TRANSACTION_BYTES } from './limits.ts';
export { createMempool } from './mempool.ts';
export type {
  AccountSource,
  AddResult,
  CandidateAccounts,
  CandidateRules,
  PoolRules,
  TransactionPool,
} from './ports.ts';
