import { InvalidTransactionError, type SimulationResult, watchFrames } from '@heddle/execution';
import type { BlockFacts, StateSource } from '../types.ts';
import type { CallResult } from './call.ts';
import { ConsoleObserver } from './console.ts';
import { cappedGas, MessageRun, type MessageTask, outcomeOf } from './message-run.ts';

/** eth_estimateGas. On success the outcome's `gasUsed` is the least gas limit with which the message succeeds. */
export interface EstimateTask extends MessageTask {
  /** The block after `block`, later in time. */
  readonly nextBlock: BlockFacts;
}

export function runEstimate(task: EstimateTask, source: StateSource): CallResult {
  const console = new ConsoleObserver();
  const now = new MessageRun(task, task.block, source);
  const later = new MessageRun(task, task.nextBlock, source);
  const outcome = outcomeOf(() => safeGas(now, later, cappedGas(task), console));
  return { outcome, console: console.inputs };
}

/**
 * What is enough in the next block, whenever it comes: code that does more once time has moved (interest, prices over time)
 * must not run out of what was estimated in the same second.
 */
function safeGas(now: MessageRun, later: MessageRun, most: bigint, console: ConsoleObserver): SimulationResult {
  const result = leastGas(later, later.run(most, watchFrames(console)), most);
  if (result.status !== 'success') return result;
  const atOnce = leastGas(now, now.run(most), most);
  return atOnce.status === 'success' && atOnce.gasUsed > result.gasUsed ? atOnce : result;
}

/**
 * The least limit that succeeds: what a run uses, if that is enough. Else by bisection: it is not where a callee gets
 * 63/64 of what is left, and a contract may ask for GAS. The result carries that limit as `gasUsed`.
 */
function leastGas(run: MessageRun, atMost: SimulationResult, most: bigint): SimulationResult {
  if (atMost.status !== 'success') return atMost;
  const used = BigInt(atMost.gasUsedBeforeRefund);
  if (used >= most || succeeds(run, used)) return { ...atMost, gasUsed: atMost.gasUsedBeforeRefund };
  let tooLittle = used;
  let enough = most;
  let guess = (used * 64n) / 63n + CALL_STIPEND;
  while (tooLittle + 1n < enough) {
    if (guess <= tooLittle || guess >= enough) guess = (tooLittle + enough) / 2n;
    if (succeeds(run, guess)) enough = guess;
    else tooLittle = guess;
    guess = (tooLittle + enough) / 2n;
  }
  return { ...atMost, gasUsed: Number(enough) };
}

const CALL_STIPEND = 2_300n;

function succeeds(run: MessageRun, gas: bigint): boolean {
  try {
    return run.run(gas).status === 'success';
  } catch (error) {
    // Below the intrinsic gas.
    if (error instanceof InvalidTransactionError) return false;
    throw error;
  }
}
