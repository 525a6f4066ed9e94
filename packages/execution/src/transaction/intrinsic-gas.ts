import { type AccessList, accessListOf, authorizationsOf, type UnsignedTransaction } from '@heddle/types';
import { INIT_CODE_GAS_PER_WORD } from '../evm/creates.ts';

/** Yellow paper, appendix G. */
export const TRANSACTION_GAS = 21_000;
const CREATION_GAS = 32_000;
const ZERO_BYTE_GAS = 4;
/** EIP-2028. */
const NON_ZERO_BYTE_GAS = 16;
/** EIP-2930. */
const ACCESS_LIST_ADDRESS_GAS = 2_400;
const ACCESS_LIST_SLOT_GAS = 1_900;
/** EIP-7702, for each authorization, good or bad. */
export const AUTHORIZATION_GAS = 25_000;
/** EIP-7623: gas of a token; a zero byte is one token, another byte four. */
const FLOOR_GAS_PER_TOKEN = 10;
const TOKENS_PER_NON_ZERO_BYTE = 4;

/** What of a transaction, or of a call that is tried, decides its intrinsic gas. */
export interface IntrinsicParts {
  readonly data: Uint8Array;
  readonly isCreation: boolean;
  readonly accessList: AccessList;
  readonly authorizationCount: number;
}

/** Gas that is used before the first operation runs. */
export function intrinsicGas(parts: IntrinsicParts): number {
  const zeros = countZeros(parts.data);
  const data = zeros * ZERO_BYTE_GAS + (parts.data.length - zeros) * NON_ZERO_BYTE_GAS;
  const creation = parts.isCreation ? CREATION_GAS + INIT_CODE_GAS_PER_WORD * Math.ceil(parts.data.length / 32) : 0;
  let accessList = 0;
  for (const { storageKeys } of parts.accessList) {
    accessList += ACCESS_LIST_ADDRESS_GAS + ACCESS_LIST_SLOT_GAS * storageKeys.length;
  }
  return TRANSACTION_GAS + data + creation + accessList + AUTHORIZATION_GAS * parts.authorizationCount;
}

/** `intrinsicGas` of a transaction. */
export function intrinsicGasOf(fields: UnsignedTransaction): number {
  return intrinsicGas({
    data: fields.data,
    isCreation: fields.to === null,
    accessList: accessListOf(fields),
    authorizationCount: authorizationsOf(fields).length,
  });
}

/** EIP-7623: what a transaction uses at least. */
export function calldataFloorGas(data: Uint8Array): number {
  const zeros = countZeros(data);
  const tokens = zeros + (data.length - zeros) * TOKENS_PER_NON_ZERO_BYTE;
  return TRANSACTION_GAS + FLOOR_GAS_PER_TOKEN * tokens;
}

function countZeros(data: Uint8Array): number {
  let zeros = 0;
  for (const byte of data) if (byte === 0) zeros++;
  return zeros;
}
