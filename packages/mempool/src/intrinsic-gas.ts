import type { UnsignedTransaction } from '@heddle/types';

const TRANSACTION_GAS = 21_000n;
/** EIP-2. */
const CREATION_GAS = 32_000n;
/** EIP-3860: for each started 32-byte word of init code. */
const INIT_CODE_WORD_GAS = 2n;
/** EIP-2028: 4 for a zero byte, 16 for another; EIP-7623 calls that one token or four. */
const TOKEN_GAS = 4n;
const TOKENS_PER_NONZERO_BYTE = 4n;
/** EIP-7623. */
const FLOOR_TOKEN_GAS = 10n;
/** EIP-2930. */
const ACCESS_LIST_ADDRESS_GAS = 2_400n;
const ACCESS_LIST_KEY_GAS = 1_900n;
/** EIP-7702, refunded in part for authorities that exist. */
const AUTHORIZATION_GAS = 25_000n;

/**
 * Gas that a transaction costs before its first instruction. The pool's own early check: what the producer charges is
 * decided by execution, which a transaction that got past this still has to satisfy.
 */
export function intrinsicGas(fields: UnsignedTransaction): bigint {
  let gas = TRANSACTION_GAS + TOKEN_GAS * calldataTokens(fields.data);
  if (fields.to === null) gas += CREATION_GAS + INIT_CODE_WORD_GAS * BigInt(Math.ceil(fields.data.length / 32));
  if (fields.type !== 0) {
    for (const { storageKeys } of fields.accessList) {
      gas += ACCESS_LIST_ADDRESS_GAS + ACCESS_LIST_KEY_GAS * BigInt(storageKeys.length);
    }
  }
  if (fields.type === 4) gas += AUTHORIZATION_GAS * BigInt(fields.authorizationList.length);
  return gas;
}

/** EIP-7623: what a transaction pays at least, for its call data. */
export function calldataFloorGas(fields: UnsignedTransaction): bigint {
  return TRANSACTION_GAS + FLOOR_TOKEN_GAS * calldataTokens(fields.data);
}

function calldataTokens(data: Uint8Array): bigint {
  let zeros = 0;
  for (const byte of data) if (byte === 0) zeros += 1;
  return BigInt(zeros) + TOKENS_PER_NONZERO_BYTE * BigInt(data.length - zeros);
}
