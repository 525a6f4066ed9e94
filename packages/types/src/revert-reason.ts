import { bytesToBigint, bytesToHex } from '@heddle/primitives';
import { functionSelector } from './function-selector.ts';

const ERROR_SELECTOR = functionSelector('Error(string)');
const PANIC_SELECTOR = functionSelector('Panic(uint256)');

/** Longest reason that is shown, bytes; all of it is in the output. */
const MAX_REASON_BYTES = 1_024;

/** Solidity's panic codes, in geth's words. */
const PANIC_REASONS: ReadonlyMap<bigint, string> = new Map([
  [0x00n, 'generic panic'],
  [0x01n, 'assert(false)'],
  [0x11n, 'arithmetic underflow or overflow'],
  [0x12n, 'division or modulo by zero'],
  [0x21n, 'enum overflow'],
  [0x22n, 'invalid encoded storage byte array accessed'],
  [0x31n, 'out-of-bounds array access; popping on an empty array'],
  [0x32n, 'out-of-bounds access of an array or bytesN'],
  [0x41n, 'out of memory'],
  [0x51n, 'uninitialized function'],
]);

/** What `Error(string)` or `Panic(uint256)` says; null when the data is something else, a custom error say. */
export function revertReason(data: Uint8Array): string | null {
  const name = bytesToHex(data.subarray(0, 4));
  const body = data.subarray(4);
  if (name === ERROR_SELECTOR) return decodeString(body);
  if (name !== PANIC_SELECTOR || body.length !== 32) return null;
  const code = bytesToBigint(body);
  return PANIC_REASONS.get(code) ?? `unknown panic code: 0x${code.toString(16)}`;
}

/** ABI: offset (0x20), length, the bytes padded to a whole word. */
function decodeString(body: Uint8Array): string | null {
  if (body.length < 64 || bytesToBigint(body.subarray(0, 32)) !== 32n) return null;
  const length = bytesToBigint(body.subarray(32, 64));
  if (length > BigInt(body.length - 64)) return null;
  return new TextDecoder().decode(body.subarray(64, 64 + Math.min(Number(length), MAX_REASON_BYTES)));
}
