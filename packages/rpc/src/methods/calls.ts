import { bytesToHex } from '@heddle/primitives';
import { NO_BLOCK_OVERRIDES } from '@heddle/simulation';
import { expectSuccess, failureOf } from '../calls/outcome.ts';
import { stateNumber } from '../chain/resolve.ts';
import { CallFailedError, SimulationRefusedError } from '../errors.ts';
import { after, type Eventual } from '../eventual.ts';
import { quantity } from '../format/quantity.ts';
import { formatSimulatedBlock } from '../format/simulated-block.ts';
import { formatAccessList } from '../format/transaction.ts';
import { LATEST, parseBlockId } from '../parse/block-id.ts';
import { NO_OVERRIDES, parseBlockOverrides, parseCallRequest, parseStateOverrides } from '../parse/call-request.ts';
import { parseSimulateRequest } from '../parse/simulate-request.ts';
import type { CallExecutor, CallPlace, CallRequest, ChainReader } from '../ports.ts';
import type { MethodTable } from '../protocol/method.ts';
import { method } from '../protocol/method.ts';
import type { Params } from '../protocol/params.ts';

/** Execution without a trace. */
export function callMethods(chain: ChainReader, calls: CallExecutor): MethodTable {
  return {
    eth_call: method(4, (params, context) =>
      after(readCall(chain, params), ({ request, place }) =>
        after(calls.call(request, place, context), (outcome) => bytesToHex(expectSuccess(outcome).returnData)),
      ),
    ),
    eth_estimateGas: method(4, async (params, { signal }) => {
      const { request, place } = await readCall(chain, params);
      return quantity(expectSuccess(await calls.estimateGas(request, place, signal)).gasUsed);
    }),
    eth_createAccessList: method(4, async (params, { signal }) => {
      const { request, place } = await readCall(chain, params);
      const { accessList, outcome } = await calls.createAccessList(request, place, signal);
      if (outcome.kind === 'invalid') throw new CallFailedError(outcome.reason);
      const found = { accessList: formatAccessList(accessList), gasUsed: quantity(outcome.gasUsed) };
      return outcome.kind === 'success' ? found : { ...found, error: failureOf(outcome) };
    }),
    eth_simulateV1: method(2, async (params, { signal }) => {
      const request = params.required(0, (value) => parseSimulateRequest(value, chain.chainId));
      const id = params.optional(1, parseBlockId, LATEST);
      const result = await calls.simulate(request, await stateNumber(chain, id), signal);
      if (result.kind === 'refused') throw new SimulationRefusedError(result.refusal.code, result.refusal.reason);
      return result.blocks.map((block) => formatSimulatedBlock(block, request.returnFullTransactions));
    }),
  };
}

/** Request, block, state overrides, block overrides. */
function readCall(
  chain: ChainReader,
  params: Params,
): Eventual<{ readonly request: CallRequest; readonly place: CallPlace }> {
  const request = params.required(0, (value) => parseCallRequest(value, chain.chainId));
  const id = params.optional(1, parseBlockId, LATEST);
  const overrides = params.optional(2, parseStateOverrides, NO_OVERRIDES);
  const blockOverrides = params.optional(3, parseBlockOverrides, NO_BLOCK_OVERRIDES);
  return after(stateNumber(chain, id), (number) => ({ request, place: { number, overrides, blockOverrides } }));
}
