import type { CallSelection, TracerSpec } from '@heddle/simulation';
import { NO_BLOCK_OVERRIDES } from '@heddle/simulation';
import { accessListOf, maxFeePerGas, maxPriorityFeePerGas } from '@heddle/types';
import { findBlock, stateNumber } from '../chain/resolve.ts';
import { BadValueError, CallFailedError, InvalidParamsError } from '../errors.ts';
import type { JsonValue } from '../json.ts';
import { JsonText } from '../json-text.ts';
import { MAX_TRACE_CALLS, MAX_TRACE_FILTER_BLOCKS } from '../limits.ts';
import { type BlockId, LATEST, parseBlockId } from '../parse/block-id.ts';
import { NO_OVERRIDES, parseBlockOverrides, parseCallRequest, parseStateOverrides } from '../parse/call-request.ts';
import { parseList } from '../parse/fields.ts';
import { parseBytes, parseHash } from '../parse/hex.ts';
import { decodeRaw } from '../parse/raw-transaction.ts';
import { parseTraceAddress, parseTraceFilter, parseTraceTypes, type TraceTypes } from '../parse/trace-filter.ts';
import type { CallPlace, CallRequest, ChainReader, TraceExecutor } from '../ports.ts';
import type { MethodTable } from '../protocol/method.ts';
import { method } from '../protocol/method.ts';
import type { Params } from '../protocol/params.ts';
import { filterTraces } from '../traces/filter-traces.ts';

const ALL_CALLS: CallSelection = {
  from: [],
  to: [],
  both: false,
  at: null,
  after: 0,
  count: Number.MAX_SAFE_INTEGER,
};

/** parity's traces, as anvil and reth answer them. What is not there is null. */
export function traceMethods(chain: ChainReader, traces: TraceExecutor): MethodTable {
  return {
    trace_transaction: method(1, async (params, { signal }) =>
      textOrNull(await traces.transaction(params.required(0, parseHash), { kind: 'calls', ...ALL_CALLS }, signal)),
    ),
    trace_get: method(2, async (params, { signal }) => {
      const hash = params.required(0, parseHash);
      const at = params.required(1, parseTraceAddress);
      const found = await traces.transaction(hash, { kind: 'calls', ...ALL_CALLS, at }, signal);
      // A list of that one.
      return found === null || found.matched === 0 ? null : JsonText.of(found.text.slice(1, -1));
    }),
    trace_block: method(1, async (params, { signal }) => {
      const number = await blockNumber(chain, params.required(0, parseBlockId));
      return number === null ? null : textOrNull(await traces.block(number, { kind: 'calls', ...ALL_CALLS }, signal));
    }),
    trace_filter: method(1, (params, { signal }) =>
      filterTraces(chain, traces, params.required(0, parseTraceFilter), MAX_TRACE_FILTER_BLOCKS, signal),
    ),
    trace_replayTransaction: method(2, async (params, { signal }) => {
      const hash = params.required(0, parseHash);
      const tracer = replayTracer(params.required(1, parseTraceTypes), false);
      return textOrNull(await traces.transaction(hash, { kind: 'single', tracer }, signal));
    }),
    trace_replayBlockTransactions: method(2, async (params, { signal }) => {
      const number = await blockNumber(chain, params.required(0, parseBlockId));
      const tracer = replayTracer(params.required(1, parseTraceTypes), true);
      return number === null ? null : textOrNull(await traces.block(number, { kind: 'list', tracer }, signal));
    }),
    trace_call: method(5, (params, { signal }) => traceCall(chain, traces, params, signal)),
    trace_callMany: method(2, (params, { signal }) => traceCallMany(chain, traces, params, signal)),
    trace_rawTransaction: method(3, async (params, { signal }) => {
      const message = messageOfRaw(params.required(0, parseBytes));
      const tracer = replayTracer(params.required(1, parseTraceTypes), false);
      const place = await placeOf(chain, params.optional(2, parseBlockId, LATEST));
      return callText(await traces.calls([{ message, tracer }], false, place, signal));
    }),
  };
}

function replayTracer(types: TraceTypes, withTransactionHash: boolean): TracerSpec {
  return { kind: 'parityReplay', ...types, withTransactionHash };
}

function textOrNull(result: { readonly text: string } | null): JsonValue | JsonText {
  return result === null ? null : JsonText.of(result.text);
}

function callText(result: Awaited<ReturnType<TraceExecutor['calls']>>): JsonText {
  if (result.kind === 'invalid') throw new CallFailedError(result.reason);
  return JsonText.of(result.text);
}

async function blockNumber(chain: ChainReader, id: BlockId): Promise<bigint | null> {
  return (await findBlock(chain, id))?.block.header.number ?? null;
}

async function placeOf(chain: ChainReader, id: BlockId): Promise<CallPlace> {
  return { number: await stateNumber(chain, id), overrides: NO_OVERRIDES, blockOverrides: NO_BLOCK_OVERRIDES };
}

async function traceCall(
  chain: ChainReader,
  traces: TraceExecutor,
  params: Params,
  signal: AbortSignal,
): Promise<JsonText> {
  const message = params.required(0, (value) => parseCallRequest(value, chain.chainId));
  const tracer = replayTracer(params.required(1, parseTraceTypes), false);
  const place = {
    number: await stateNumber(chain, params.optional(2, parseBlockId, LATEST)),
    overrides: params.optional(3, parseStateOverrides, NO_OVERRIDES),
    blockOverrides: params.optional(4, parseBlockOverrides, NO_BLOCK_OVERRIDES),
  };
  return callText(await traces.calls([{ message, tracer }], false, place, signal));
}

/** Each sees what those before it did. */
async function traceCallMany(
  chain: ChainReader,
  traces: TraceExecutor,
  params: Params,
  signal: AbortSignal,
): Promise<JsonText> {
  const calls = params.required(0, (value) => parseList(value, MAX_TRACE_CALLS, (call) => parseCall(call, chain)));
  const place = await placeOf(chain, params.optional(1, parseBlockId, LATEST));
  return callText(await traces.calls(calls, true, place, signal));
}

function parseCall(value: unknown, chain: ChainReader): { readonly message: CallRequest; readonly tracer: TracerSpec } {
  if (!Array.isArray(value) || value.length !== 2) throw new BadValueError('want [call, types]');
  const [call, types]: readonly unknown[] = value;
  return {
    message: parseCallRequest(call, chain.chainId),
    tracer: replayTracer(parseTraceTypes(types), false),
  };
}

/** As if it were a call: its nonce is not looked at. */
function messageOfRaw(raw: Uint8Array): CallRequest {
  const { sender, fields } = decodeRaw(raw);
  if (fields.type === 3) throw new InvalidParamsError('blob transactions are not traced (type 3, EIP-4844)');
  return {
    from: sender,
    to: fields.to,
    gas: fields.gasLimit,
    maxFeePerGas: maxFeePerGas(fields),
    maxPriorityFeePerGas: maxPriorityFeePerGas(fields),
    value: fields.value,
    data: fields.data,
    accessList: accessListOf(fields),
    authorizationList: fields.type === 4 ? fields.authorizationList : [],
  };
}
