import type { Address } from '@heddle/types';
import { ZERO_ADDRESS } from '@heddle/types';
import { BadValueError } from '../errors.ts';
import { isUncheckedObject, ownMember } from '../json.ts';
import { CALL_GAS_CAP } from '../limits.ts';
import type { BlockOverrides, CallRequest, StateOverride, StateOverrides } from '../ports.ts';
import { describeType, parseAt } from './bad-value.ts';
import { optionalField } from './fields.ts';
import { parseAddress, parseBytes, parseHash, parseUint64, parseUint256, parseWord } from './hex.ts';
import { parseTransactionObject } from './transaction-object.ts';

/** What eth_call and eth_estimateGas execute. `chainId` is this network's. */
export function parseCallRequest(value: unknown, chainId: bigint): CallRequest {
  const object = parseTransactionObject(value);
  if (object.chainId !== null && object.chainId !== chainId) {
    throw new BadValueError(`chainId does not match node's (have=${object.chainId}, want=${chainId})`);
  }
  const { gas, gasPrice } = object;
  return {
    from: object.from ?? ZERO_ADDRESS,
    to: object.to,
    gas: gas !== null && gas > CALL_GAS_CAP ? CALL_GAS_CAP : gas,
    maxFeePerGas: gasPrice ?? object.maxFeePerGas,
    maxPriorityFeePerGas: gasPrice ?? object.maxPriorityFeePerGas,
    value: object.value,
    data: object.data,
    accessList: object.accessList ?? [],
    authorizationList: object.authorizationList ?? [],
  };
}

export const NO_OVERRIDES: StateOverrides = new Map();

/** eth_call's third parameter: accounts that the call is to see changed. */
export function parseStateOverrides(value: unknown): StateOverrides {
  if (!isUncheckedObject(value)) throw new BadValueError(`want an object by address, got ${describeType(value)}`);
  const overrides = new Map<Address, StateOverride>();
  for (const [key, override] of Object.entries(value)) {
    const address = parseAt('address', key, parseAddress);
    if (overrides.has(address)) throw new BadValueError(`${address} is there twice`);
    overrides.set(address, parseAt(address, override, parseStateOverride));
  }
  return overrides;
}

function parseStateOverride(value: unknown): StateOverride {
  if (!isUncheckedObject(value)) throw new BadValueError(`want an object, got ${describeType(value)}`);
  if ((ownMember(value, 'movePrecompileToAddress') ?? null) !== null) {
    throw new BadValueError('movePrecompileToAddress is not supported');
  }
  const state = optionalField(value, 'state', parseSlots, null);
  const stateDiff = optionalField(value, 'stateDiff', parseSlots, null);
  if (state !== null && stateDiff !== null) throw new BadValueError("has both 'state' and 'stateDiff'");
  return {
    balance: optionalField(value, 'balance', parseUint256, null),
    nonce: optionalField(value, 'nonce', parseUint64, null),
    code: optionalField(value, 'code', parseBytes, null),
    state,
    stateDiff,
  };
}

function parseSlots(value: unknown): ReadonlyMap<bigint, bigint> {
  if (!isUncheckedObject(value)) throw new BadValueError(`want an object by slot, got ${describeType(value)}`);
  const slots = new Map<bigint, bigint>();
  for (const [slot, word] of Object.entries(value)) {
    slots.set(parseAt('slot', slot, parseWord), parseAt(slot.slice(0, 66), word, parseWord));
  }
  return slots;
}

/** eth_call's fourth parameter: what the call is to see of its block. */
export function parseBlockOverrides(value: unknown): BlockOverrides {
  if (!isUncheckedObject(value)) throw new BadValueError(`want an object, got ${describeType(value)}`);
  for (const name of ['beaconRoot', 'withdrawals']) {
    if ((ownMember(value, name) ?? null) !== null) throw new BadValueError(`${name} can't be overridden`);
  }
  return {
    number: optionalField(value, 'number', parseUint64, null),
    time: optionalField(value, 'time', parseUint64, null),
    gasLimit: optionalField(value, 'gasLimit', parseUint64, null),
    feeRecipient: optionalField(value, 'feeRecipient', parseAddress, null),
    prevRandao: optionalField(value, 'prevRandao', parseHash, null),
    baseFeePerGas: optionalField(value, 'baseFeePerGas', parseUint256, null),
    blobBaseFee: optionalField(value, 'blobBaseFee', parseUint256, null),
  };
}
