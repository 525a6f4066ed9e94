import { NO_BLOCK_OVERRIDES } from '@heddle/simulation';
import { BadValueError } from '../errors.ts';
import { isUncheckedObject, ownMember } from '../json.ts';
import { MAX_SIMULATED_CALLS } from '../limits.ts';
import type { SimulateBlock, SimulateCall, SimulateRequest } from '../ports.ts';
import { describeType } from './bad-value.ts';
import { NO_OVERRIDES, parseBlockOverrides, parseCallRequest, parseStateOverrides } from './call-request.ts';
import { optionalField, parseList, requiredField } from './fields.ts';
import { parseUint64 } from './hex.ts';
import { parseBoolean } from './scalars.ts';

/** eth_simulateV1's first parameter. Throws BadValueError. */
export function parseSimulateRequest(value: unknown, chainId: bigint): SimulateRequest {
  if (!isUncheckedObject(value)) throw new BadValueError(`want an object, got ${describeType(value)}`);
  const blocks = requiredField(value, 'blockStateCalls', (list) =>
    parseList(list, MAX_SIMULATED_CALLS, (block) => parseBlock(block, chainId)),
  );
  if (blocks.length === 0) throw new BadValueError('blockStateCalls: empty input');
  const calls = blocks.reduce((sum, block) => sum + block.calls.length, 0);
  if (calls > MAX_SIMULATED_CALLS) throw new BadValueError(`${calls} calls, at most ${MAX_SIMULATED_CALLS} are taken`);
  return {
    blocks,
    traceTransfers: optionalField(value, 'traceTransfers', parseBoolean, false),
    validation: optionalField(value, 'validation', parseBoolean, false),
    returnFullTransactions: optionalField(value, 'returnFullTransactions', parseBoolean, false),
  };
}

function parseBlock(value: unknown, chainId: bigint): SimulateBlock {
  if (!isUncheckedObject(value)) throw new BadValueError(`want an object, got ${describeType(value)}`);
  return {
    overrides: optionalField(value, 'blockOverrides', parseBlockOverrides, NO_BLOCK_OVERRIDES),
    stateOverrides: optionalField(value, 'stateOverrides', parseStateOverrides, NO_OVERRIDES),
    calls: optionalField(
      value,
      'calls',
      (list) => parseList(list, MAX_SIMULATED_CALLS, (call) => parseCall(call, chainId)),
      [],
    ),
  };
}

function parseCall(value: unknown, chainId: bigint): SimulateCall {
  const message = parseCallRequest(value, chainId);
  if (!isUncheckedObject(value)) throw new BadValueError(`want an object, got ${describeType(value)}`);
  const nonce = optionalField(value, 'nonce', parseUint64, null);
  const isLegacy = (ownMember(value, 'gasPrice') ?? null) !== null;
  if (message.authorizationList.length === 0) return { message, nonce, type: isLegacy ? 0 : 2 };
  if (message.to === null) throw new BadValueError('authorizationList: a transaction of type 0x4 needs "to"');
  return { message, nonce, type: 4 };
}
