import type { Address } from '@heddle/types';
import {
  AtomicityError,
  BadValueError,
  BundleTooLargeError,
  UnsupportedCapabilityError,
  UnsupportedChainError,
} from '../errors.ts';
import { isUncheckedObject, ownMember, type UncheckedObject } from '../json.ts';
import { MAX_BUNDLE_CALLS, MAX_BUNDLE_ID_LENGTH } from '../limits.ts';
import { describeType } from './bad-value.ts';
import { optionalField, parseList, requiredField } from './fields.ts';
import { parseAddress, parseUint256 } from './hex.ts';
import { parseBoolean, parseString } from './scalars.ts';
import { parseTransactionObject, type TransactionObject } from './transaction-object.ts';

/** wallet_sendCalls' parameter (EIP-5792). */
export interface SendCallsRequest {
  /** null: the wallet makes one up. */
  readonly id: string | null;
  /** null: the wallet's first account. */
  readonly from: Address | null;
  /** At least one. */
  readonly calls: readonly TransactionObject[];
}

/** `chainId`: this network's. Throws BadValueError and the errors of EIP-5792. */
export function parseSendCalls(value: unknown, chainId: bigint): SendCallsRequest {
  const object = parseObject(value);
  requiredField(object, 'version', parseString);
  const asked = requiredField(object, 'chainId', parseUint256);
  if (asked !== chainId) throw new UnsupportedChainError(asked, chainId);
  refuseCapabilities(object);
  if (optionalField(object, 'atomicRequired', parseBoolean, false)) throw new AtomicityError();
  const calls = requiredField(object, 'calls', parseCalls);
  return {
    id: optionalField(object, 'id', parseBundleId, null),
    from: optionalField(object, 'from', parseAddress, null),
    calls,
  };
}

function parseObject(value: unknown): UncheckedObject {
  if (!isUncheckedObject(value)) throw new BadValueError(`want an object, got ${describeType(value)}`);
  return value;
}

export function parseBundleId(value: unknown): string {
  const id = parseString(value);
  if (id.length > 0 && id.length <= MAX_BUNDLE_ID_LENGTH) return id;
  throw new BadValueError(`an id has 1 to ${MAX_BUNDLE_ID_LENGTH} characters, this has ${id.length}`);
}

function parseCalls(value: unknown): readonly TransactionObject[] {
  if (Array.isArray(value) && value.length > MAX_BUNDLE_CALLS) {
    throw new BundleTooLargeError(value.length, MAX_BUNDLE_CALLS);
  }
  const calls = parseList(value, MAX_BUNDLE_CALLS, parseCall);
  if (calls.length === 0) throw new BadValueError('want at least one call');
  return calls;
}

/** {to, data, value, capabilities}: what else a transaction needs, the wallet decides. */
function parseCall(value: unknown): TransactionObject {
  const object = parseObject(value);
  refuseCapabilities(object);
  return parseTransactionObject(
    Object.fromEntries(['to', 'data', 'value'].map((key) => [key, ownMember(object, key)] as const)),
  );
}

/** None is there; an app may ask for one as long as it can do without. */
function refuseCapabilities(object: UncheckedObject): void {
  const capabilities = optionalField(object, 'capabilities', parseObject, {});
  for (const [name, wanted] of Object.entries(capabilities)) {
    const isOptional = isUncheckedObject(wanted) && ownMember(wanted, 'optional') === true;
    if (!isOptional) throw new UnsupportedCapabilityError(name);
  }
}
