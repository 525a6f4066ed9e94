import { InvalidTransactionError, openUnionWorld, simulateCall, type World } from '@heddle/execution';
import { MAX_TRACE_CHARACTERS } from '../limits.ts';
import { createTracer, type TracerSpec } from '../tracers/create-tracer.ts';
import { JsonText } from '../tracers/json-text.ts';
import { watchOf } from '../tracers/tracer.ts';
import type { BlockFacts, CallMessage, StateOverrides, StatePoint, StateSource } from '../types.ts';
import { environmentOf } from './block.ts';
import { statesOf } from './message-run.ts';

/** Calls that are no transactions, one after the other on one state: each sees what those before it did. */
export interface TraceCallsTask {
  readonly point: StatePoint;
  readonly overrides: StateOverrides;
  /** With the request's overrides. */
  readonly block: BlockFacts;
  readonly calls: readonly { readonly message: CallMessage; readonly tracer: TracerSpec }[];
  /** Whether the result is a list; else it is the only call's. */
  readonly asList: boolean;
  /** Most gas that each may have. */
  readonly gasCap: bigint;
}

export type TraceCallsResult =
  | { readonly kind: 'traced'; readonly text: string }
  /** One of them can't be executed, geth's words. */
  | { readonly kind: 'invalid'; readonly reason: string };

export function runTraceCalls(task: TraceCallsTask, source: StateSource): TraceCallsResult {
  const world = openUnionWorld(statesOf(task.point, task.overrides, source), task.point.historyShard);
  const out = new JsonText(MAX_TRACE_CHARACTERS);
  try {
    if (task.asList) out.list(task.calls.entries(), ([index]) => traceCall(task, index, world, source, out));
    else traceCall(task, 0, world, source, out);
  } catch (error) {
    if (error instanceof InvalidTransactionError) return { kind: 'invalid', reason: error.facts.reason };
    throw error;
  }
  return { kind: 'traced', text: out.toString() };
}

function traceCall(task: TraceCallsTask, index: number, world: World, source: StateSource, out: JsonText): void {
  const traced = task.calls[index];
  if (traced === undefined) return;
  const { from, to, value, data, accessList, authorizationList, maxFeePerGas, gas: wanted } = traced.message;
  const gas = Number(wanted === null || wanted > task.gasCap ? task.gasCap : wanted);
  const tracer = createTracer(
    traced.tracer,
    { from, to, value, input: data, gasLimit: gas, place: null },
    MAX_TRACE_CHARACTERS,
  );
  world.beginIndex(index);
  const gasPrice = maxFeePerGas ?? 0n;
  const call = { from, to, data, value, gas, gasPrice, accessList, authorizationList };
  const result = simulateCall(world, environmentOf(task.block, source), call, watchOf(tracer));
  world.finishTransaction();
  const failure = result.status === 'success' ? null : result.reason;
  const { gasUsed, returnData: output } = result;
  tracer.finish({ gasUsed, failure, output, world, coinbase: task.block.coinbase }, out);
}
