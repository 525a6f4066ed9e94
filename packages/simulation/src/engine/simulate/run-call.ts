import {
  type BlockEnvironment,
  InvalidTransactionError,
  MAX_NONCE,
  type SimulationResult,
  simulateCall,
  type World,
  watchFrames,
} from '@heddle/execution';
import type { Address } from '@heddle/types';
import type { CallMessage } from '../../types.ts';
import { ownBytes } from '../own-bytes.ts';
import { CallLogs } from './call-logs.ts';
import { REFUSAL, RefusedSimulation } from './refused.ts';
import type { SimulatedCallReport, SimulatedCallRequest, SimulateTask } from './types.ts';

/** What a call has been given beside what it asks for. */
export interface CallTerms {
  readonly nonce: bigint;
  readonly gas: bigint;
  /** Wei a gas. */
  readonly gasPrice: bigint;
}

/** Throws `RefusedSimulation`. */
export function termsOf(
  { message, nonce: wanted }: SimulatedCallRequest,
  task: SimulateTask,
  world: World,
  environment: BlockEnvironment,
  gas: bigint,
): CallTerms {
  const { from } = message;
  const own = world.unrecorded.account(from)?.nonce ?? 0n;
  const nonce = wanted ?? own;
  if (task.validation) checkNonce(from, nonce, own);
  if (own >= MAX_NONCE) throw new RefusedSimulation(REFUSAL.nonceTooHigh, `nonce has max value: address ${from}`);
  return { nonce, gas, gasPrice: priceOf(message, task, environment.baseFeePerGas) };
}

function checkNonce(from: Address, nonce: bigint, own: bigint): void {
  const facts = `address ${from}, tx: ${nonce} state: ${own}`;
  if (nonce < own) throw new RefusedSimulation(REFUSAL.nonceTooLow, `nonce too low: ${facts}`);
  if (nonce > own) throw new RefusedSimulation(REFUSAL.nonceTooHigh, `nonce too high: ${facts}`);
}

function priceOf(
  { from, maxFeePerGas, maxPriorityFeePerGas }: CallMessage,
  task: SimulateTask,
  baseFee: bigint,
): bigint {
  const most = maxFeePerGas ?? 0n;
  if (task.validation && most < baseFee) {
    const facts = `address ${from}, maxFeePerGas: ${most}, baseFee: ${baseFee}`;
    throw new RefusedSimulation(REFUSAL.feeTooLow, `max fee per gas less than block base fee: ${facts}`);
  }
  const wanted = baseFee + (maxPriorityFeePerGas ?? 0n);
  return wanted < most ? wanted : most;
}

/** Executes on `world` and leaves there what it did, fees included. Throws `RefusedSimulation`. */
export function runSimulatedCall(
  world: World,
  environment: BlockEnvironment,
  { from, to, data, value, accessList, authorizationList }: CallMessage,
  { gas, gasPrice }: CallTerms,
  traceTransfers: boolean,
): SimulatedCallReport {
  const logs = new CallLogs(traceTransfers);
  const call = { from, to, data, value, gas: Number(gas), gasPrice, accessList, authorizationList };
  const result = orRefused(() => simulateCall(world, environment, call, watchFrames(logs)));
  const gasUsed = BigInt(result.gasUsed);
  world.addBalance(from, (gas - gasUsed) * gasPrice);
  const tip = gasPrice > environment.baseFeePerGas ? gasPrice - environment.baseFeePerGas : 0n;
  if (tip > 0n) world.addBalance(environment.coinbase, gasUsed * tip);
  world.finishTransaction();
  return {
    status: result.status,
    returnData: ownBytes(result.returnData),
    gasUsed,
    maxUsedGas: BigInt(result.gasUsedBeforeRefund),
    logs: logs.logs,
    reason: result.reason,
  };
}

function orRefused(run: () => SimulationResult): SimulationResult {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof InvalidTransactionError)) throw error;
    const { reason } = error.facts;
    throw new RefusedSimulation(codeOf(reason), reason);
  }
}

/** By geth's words, of which `simulateCall` has these. */
function codeOf(reason: string): (typeof REFUSAL)[keyof typeof REFUSAL] {
  if (reason.startsWith('insufficient funds')) return REFUSAL.insufficientFunds;
  return reason.startsWith('max initcode') ? REFUSAL.initCodeSize : REFUSAL.intrinsicGas;
}
