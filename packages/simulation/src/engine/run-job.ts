import type { StateSource } from '../types.ts';
import { runAccessList } from './access-list.ts';
import { runCall } from './call.ts';
import { runEstimate } from './estimate.ts';
import type { JobKind, Results, Tasks } from './job.ts';
import { runTraceCalls } from './trace-calls.ts';
import { runTraceTransactions } from './trace-transactions.ts';
import { runTransactionConsole } from './transaction-console.ts';

type Runners = { readonly [Kind in JobKind]: (task: Tasks[Kind], source: StateSource) => Results[Kind] };

/** A new kind of job is its file, a line here, and its two types in `job.ts`. */
const RUNNERS: Runners = {
  call: runCall,
  estimate: runEstimate,
  accessList: runAccessList,
  traceTransactions: runTraceTransactions,
  traceCalls: runTraceCalls,
  transactionConsole: runTransactionConsole,
};

/** Pure and synchronous. Throws what `source` throws, and `ResultTooLargeError`. */
export function runJob<Kind extends JobKind>(kind: Kind, task: Tasks[Kind], source: StateSource): Results[Kind] {
  return RUNNERS[kind](task, source);
}
