import { bytesToHex, concatBytes, hexToBytes } from '@heddle/primitives';
import type { Address } from './ids.ts';

/** EIP-7702: 0xef0100 followed by the 20 bytes of the code's address. No contract's code begins so (EIP-3541). */
const DELEGATION_PREFIX = Uint8Array.of(0xef, 0x01, 0x00);
const DELEGATION_LENGTH = 23;

/** The account whose code runs instead, or `null` when `code` is not a delegation. */
export function delegationTarget(code: Uint8Array): Address | null {
  if (code.length !== DELEGATION_LENGTH || code[0] !== 0xef || code[1] !== 0x01 || code[2] !== 0x00) return null;
  return bytesToHex(code.subarray(DELEGATION_PREFIX.length));
}

export function delegationCode(target: Address): Uint8Array {
  return concatBytes(DELEGATION_PREFIX, hexToBytes(target));
}

/** Whether an account with this code is a contract: without code, or delegating, it is one of somebody's key. */
export function isContractCode(code: Uint8Array): boolean {
  return code.length > 0 && delegationTarget(code) === null;
}
