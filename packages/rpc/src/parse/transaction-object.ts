import { EMPTY_BYTES, equalBytes } from '@heddle/primitives';
import type { AccessList, AccessListItem, Address, Authorization } from '@heddle/types';
import { BadValueError } from '../errors.ts';
import type { UncheckedObject } from '../json.ts';
import { isUncheckedObject, ownMember } from '../json.ts';
import { MAX_REQUEST_BYTES } from '../limits.ts';
import { describeType } from './bad-value.ts';
import { optionalField, parseList, requiredField } from './fields.ts';
import { parseAddress, parseBytes, parseHash, parseUint64, parseUint256 } from './hex.ts';

/** The object that eth_call, eth_estimateGas and eth_sendTransaction take. null = not given. */
export interface TransactionObject {
  readonly type: 0 | 1 | 2 | 4 | null;
  readonly from: Address | null;
  /** null: creates a contract. */
  readonly to: Address | null;
  readonly gas: bigint | null;
  readonly gasPrice: bigint | null;
  readonly maxFeePerGas: bigint | null;
  readonly maxPriorityFeePerGas: bigint | null;
  readonly value: bigint;
  readonly nonce: bigint | null;
  readonly data: Uint8Array;
  readonly accessList: AccessList | null;
  readonly authorizationList: readonly Authorization[] | null;
  readonly chainId: bigint | null;
}

const BLOB_FIELDS = ['maxFeePerBlobGas', 'blobVersionedHashes', 'blobs', 'commitments', 'proofs'] as const;
const TYPES: ReadonlyMap<bigint, 0 | 1 | 2 | 4> = new Map([
  [0n, 0],
  [1n, 1],
  [2n, 2],
  [4n, 4],
]);

/** Throws BadValueError. Members that are not known are passed over, as geth does. */
export function parseTransactionObject(value: unknown): TransactionObject {
  if (!isUncheckedObject(value)) throw new BadValueError(`want a transaction object, got ${describeType(value)}`);
  const object: TransactionObject = {
    type: optionalField(value, 'type', parseType, null),
    from: optionalField(value, 'from', parseAddress, null),
    to: optionalField(value, 'to', parseAddress, null),
    gas: optionalField(value, 'gas', parseUint64, null),
    gasPrice: optionalField(value, 'gasPrice', parseUint256, null),
    maxFeePerGas: optionalField(value, 'maxFeePerGas', parseUint256, null),
    maxPriorityFeePerGas: optionalField(value, 'maxPriorityFeePerGas', parseUint256, null),
    value: optionalField(value, 'value', parseUint256, 0n),
    nonce: optionalField(value, 'nonce', parseUint64, null),
    data: parseData(value),
    accessList: optionalField(value, 'accessList', parseAccessList, null),
    authorizationList: optionalField(value, 'authorizationList', parseAuthorizationList, null),
    chainId: optionalField(value, 'chainId', parseUint256, null),
  };
  refuseBlobs(value);
  checkFees(object);
  checkAuthorizations(object);
  return object;
}

function parseType(value: unknown): 0 | 1 | 2 | 4 {
  const number = parseUint64(value);
  const type = TYPES.get(number);
  if (type !== undefined) return type;
  throw new BadValueError(
    number === 3n
      ? 'transaction type not valid: this network takes no blob transactions (type 3)'
      : `transaction type not valid: ${number}, want 0x0, 0x1, 0x2 or 0x4`,
  );
}

/** Clients send the call data as `data`, as `input`, or as both. */
function parseData(value: UncheckedObject): Uint8Array {
  const data = optionalField(value, 'data', parseBytes, null);
  const input = optionalField(value, 'input', parseBytes, null);
  if (data !== null && input !== null && !equalBytes(data, input)) {
    throw new BadValueError(
      'both "data" and "input" are set and not equal. Please use "input" to pass transaction call data',
    );
  }
  return input ?? data ?? EMPTY_BYTES;
}

function refuseBlobs(value: UncheckedObject): void {
  for (const field of BLOB_FIELDS) {
    if ((ownMember(value, field) ?? null) !== null) {
      throw new BadValueError(`transaction type not valid: this network takes no blob transactions (${field} is set)`);
    }
  }
}

function checkFees(object: TransactionObject): void {
  const { gasPrice, maxFeePerGas, maxPriorityFeePerGas } = object;
  if (gasPrice !== null && (maxFeePerGas !== null || maxPriorityFeePerGas !== null)) {
    throw new BadValueError('both gasPrice and (maxFeePerGas or maxPriorityFeePerGas) specified');
  }
  if (maxFeePerGas !== null && maxPriorityFeePerGas !== null && maxFeePerGas < maxPriorityFeePerGas) {
    throw new BadValueError(
      'max priority fee per gas higher than max fee per gas: ' +
        `maxFeePerGas (${maxFeePerGas}) < maxPriorityFeePerGas (${maxPriorityFeePerGas})`,
    );
  }
}

/** EIP-7702: the list is not empty, and the transaction cannot create. */
function checkAuthorizations(object: TransactionObject): void {
  if (object.authorizationList === null) return;
  if (object.authorizationList.length === 0) throw new BadValueError('authorizationList is empty');
  if (object.to === null) throw new BadValueError('a transaction with an authorizationList needs "to"');
}

/** The least an entry takes in JSON, bytes: a body of full size can't hold more. */
const MAX_ENTRIES = Math.floor(MAX_REQUEST_BYTES / 40);

function parseAccessList(value: unknown): AccessList {
  return parseList(value, MAX_ENTRIES, parseAccessListItem);
}

function parseAccessListItem(value: unknown): AccessListItem {
  if (!isUncheckedObject(value)) throw new BadValueError(`want {address, storageKeys}, got ${describeType(value)}`);
  return {
    address: requiredField(value, 'address', parseAddress),
    storageKeys: optionalField(value, 'storageKeys', (keys) => parseList(keys, MAX_ENTRIES, parseHash), []),
  };
}

function parseAuthorizationList(value: unknown): readonly Authorization[] {
  return parseList(value, MAX_ENTRIES, parseAuthorization);
}

function parseAuthorization(value: unknown): Authorization {
  if (!isUncheckedObject(value)) throw new BadValueError(`want an authorization object, got ${describeType(value)}`);
  return {
    chainId: requiredField(value, 'chainId', parseUint256),
    address: requiredField(value, 'address', parseAddress),
    nonce: requiredField(value, 'nonce', parseUint64),
    yParity: requiredField(value, ownMember(value, 'yParity') === undefined ? 'v' : 'yParity', parseByte),
    r: requiredField(value, 'r', parseUint256),
    s: requiredField(value, 's', parseUint256),
  };
}

function parseByte(value: unknown): number {
  const number = parseUint64(value);
  if (number > 255n) throw new BadValueError('hex number > 8 bits');
  return Number(number);
}
