import type { RecoveredTransaction } from '@heddle/types';
import { UNWATCHED, type Watch } from '../evm/watch.ts';
import type { World } from '../world/world.ts';
import { admitTransaction } from './admit.ts';
import { executeAdmitted } from './execute.ts';
import { settleFees } from './settle.ts';
import type { Admission, BlockEnvironment, ExecutionOutcome } from './types.ts';

export interface PlainExecution {
  readonly admission: Admission;
  readonly outcome: ExecutionOutcome;
  /** Wei that ceased to exist: base fees, the fee of blobs, self-destructs. */
  readonly burned: bigint;
}

/**
 * Plain Ethereum: admit, execute, settle, finish the transaction. The caller has begun the index.
 * Throws `InvalidTransactionError` before anything has changed.
 */
export function executeTransaction(
  world: World,
  environment: BlockEnvironment,
  transaction: RecoveredTransaction,
  watch: Watch = UNWATCHED,
): PlainExecution {
  const admission = admitTransaction(world, environment, transaction);
  const outcome = executeAdmitted(world, environment, admission, watch);
  const fees = settleFees(world, environment, admission, outcome, true);
  return { admission, outcome, burned: fees.burned + world.finishTransaction() };
}
