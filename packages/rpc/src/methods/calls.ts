import { bytesToHex } from '@heddle/primitives';
import { expectSuccess } from '../calls/outcome.ts';
import { stateNumber } from '../chain/resolve.ts';
import { quantity } from '../format/quantity.ts';
import { LATEST, parseBlockId } from '../parse/block-id.ts';
import { NO_OVERRIDES, parseBlockOverrides, parseCallRequest, parseStateOverrides } from '../parse/call-request.ts';
import type { CallExecutor, CallOutcome, ChainReader } from '../ports.ts';
import type { MethodTable } from '../protocol/method.ts';
import { method } from '../protocol/method.ts';
import type { Params } from '../protocol/params.ts';

/** Execution without a trace. */
export function callMethods(chain: ChainReader, calls: CallExecutor): MethodTable {
  return {
    eth_call: method(4, async (params) =>
      bytesToHex((await execute(chain, params, (...call) => calls.call(...call))).returnData),
    ),
    eth_estimateGas: method(4, async (params) =>
      quantity((await execute(chain, params, (...call) => calls.estimateGas(...call))).gasUsed),
    ),
  };
}

async function execute(
  chain: ChainReader,
  params: Params,
  run: CallExecutor['call'],
): Promise<CallOutcome & { readonly kind: 'success' }> {
  const request = params.required(0, (value) => parseCallRequest(value, chain.chainId));
  const id = params.optional(1, parseBlockId, LATEST);
  const overrides = params.optional(2, parseStateOverrides, NO_OVERRIDES);
  params.optional(3, parseBlockOverrides, {});
  return expectSuccess(await run(request, await stateNumber(chain, id), overrides));
}
