import { decodeRlp, encodeRlp, InvalidRlpError, keccak256Hex } from '@heddle/primitives';
import type { Address, Hash } from '@heddle/types';
import { withinTime } from '../calls/limited-signal.ts';
import { modifiedBetween } from '../chain/modified-accounts.ts';
import { findBlock, stateNumber } from '../chain/resolve.ts';
import { BadValueError, CallFailedError, NotTraceableError } from '../errors.ts';
import { JsonText } from '../json-text.ts';
import { type BlockId, LATEST, parseBlockId, parseBlockNumberOrTag } from '../parse/block-id.ts';
import { parseCallRequest } from '../parse/call-request.ts';
import { parseBytes, parseHash } from '../parse/hex.ts';
import { DEFAULT_TRACE_CONFIG, parseTraceConfig, type TraceConfig } from '../parse/tracer-config.ts';
import type { ChainReader, TraceExecutor } from '../ports.ts';
import type { MethodTable } from '../protocol/method.ts';
import { method } from '../protocol/method.ts';
import type { Params } from '../protocol/params.ts';

/** geth's traces. */
export function debugMethods(chain: ChainReader, traces: TraceExecutor): MethodTable {
  return {
    debug_traceTransaction: method(2, async (params, { signal }) => {
      const hash = params.required(0, parseHash);
      const { tracer, timeoutMs } = configOf(params, 1);
      const trace = await withinTime(signal, timeoutMs, (limited) =>
        traces.transaction(hash, { kind: 'single', tracer }, limited),
      );
      if (trace === null) throw new NotTraceableError('transaction not found');
      return JsonText.of(trace.text);
    }),
    debug_traceCall: method(3, (params, { signal }) => traceCall(chain, traces, params, signal)),
    debug_traceBlockByNumber: method(2, (params, { signal }) =>
      traceBlock(chain, traces, params.required(0, parseBlockNumberOrTag), configOf(params, 1), signal),
    ),
    debug_traceBlockByHash: method(2, (params, { signal }) =>
      traceBlock(chain, traces, { kind: 'hash', hash: params.required(0, parseHash) }, configOf(params, 1), signal),
    ),
    debug_traceBlock: method(2, (params, { signal }) =>
      traceBlock(
        chain,
        traces,
        { kind: 'hash', hash: params.required(0, parseBlockHash) },
        configOf(params, 1),
        signal,
      ),
    ),
    debug_getModifiedAccountsByNumber: method(2, (params) => modifiedAccounts(chain, params, parseBlockNumberOrTag)),
    debug_getModifiedAccountsByHash: method(2, (params) =>
      modifiedAccounts(chain, params, (value) => ({ kind: 'hash', hash: parseHash(value) })),
    ),
  };
}

function configOf(params: Params, index: number): TraceConfig {
  return params.optional(index, parseTraceConfig, DEFAULT_TRACE_CONFIG);
}

async function traceCall(
  chain: ChainReader,
  traces: TraceExecutor,
  params: Params,
  signal: AbortSignal,
): Promise<JsonText> {
  const message = params.required(0, (value) => parseCallRequest(value, chain.chainId));
  const number = await stateNumber(chain, params.optional(1, parseBlockId, LATEST));
  const { tracer, timeoutMs, overrides, blockOverrides } = configOf(params, 2);
  const place = { number, overrides, blockOverrides };
  const trace = await withinTime(signal, timeoutMs, (limited) =>
    traces.calls([{ message, tracer }], false, place, limited),
  );
  // geth's words.
  if (trace.kind === 'invalid') throw new CallFailedError(`tracing failed: ${trace.reason}`);
  return JsonText.of(trace.text);
}

/** Of one block, or of those behind the first up to the second. */
async function modifiedAccounts(
  chain: ChainReader,
  params: Params,
  parse: (value: unknown) => BlockId,
): Promise<readonly Address[]> {
  const first = await stateNumber(chain, params.required(0, parse));
  const second = params.optional(1, parse, null);
  if (second !== null) return modifiedBetween(chain, first, await stateNumber(chain, second));
  if (first === 0n) throw new NotTraceableError('genesis has no block before it');
  return modifiedBetween(chain, first - 1n, first);
}

async function traceBlock(
  chain: ChainReader,
  traces: TraceExecutor,
  id: BlockId,
  { tracer, timeoutMs }: TraceConfig,
  signal: AbortSignal,
): Promise<JsonText> {
  const found = await findBlock(chain, id);
  if (found === null) throw new NotTraceableError(`${describeBlock(id)} not found`);
  const { number } = found.block.header;
  if (number === 0n) throw new NotTraceableError('genesis is not traceable');
  const form = { kind: 'named', tracer } as const;
  return JsonText.of((await withinTime(signal, timeoutMs, (limited) => traces.block(number, form, limited))).text);
}

function describeBlock(id: BlockId): string {
  if (id.kind === 'hash') return `block ${id.hash}`;
  return id.kind === 'number' ? `block #${id.number}` : `block ${id.kind}`;
}

/** The hash of a block in its network form, RLP with the header first. Only blocks of this chain are traced. */
function parseBlockHash(value: unknown): Hash {
  const header = headerOf(parseBytes(value));
  return keccak256Hex(encodeRlp(header));
}

function headerOf(bytes: Uint8Array): ReturnType<typeof decodeRlp> {
  try {
    const block = decodeRlp(bytes);
    const header = block instanceof Uint8Array ? undefined : block[0];
    if (header !== undefined) return header;
  } catch (error) {
    if (!(error instanceof InvalidRlpError)) throw error;
  }
  throw new BadValueError('not a block in RLP');
}
