import { bytesToBigint, bytesToHex, keccak256Hex, utf8ToBytes } from '@heddle/primitives';

const ERROR_SELECTOR = selector('Error(string)');
const PANIC_SELECTOR = selector('Panic(uint256)');

/** Longest reason that is put into a message, bytes; all of it is in `data`. */
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

function selector(signature: string): string {
  return keccak256Hex(utf8ToBytes(signature)).slice(2, 10);
}

/** 'execution reverted', and the reason when the data holds one that is known here. */
export function revertMessage(data: Uint8Array): string {
  const reason = revertReason(data);
  return reason === null ? 'execution reverted' : `execution reverted: ${reason}`;
}

/** What Error(string) or Panic(uint256) say; null when the data is empty, a custom error, or not well-formed. */
export function revertReason(data: Uint8Array): string | null {
  const name = bytesToHex(data.subarray(0, 4)).slice(2);
  const body = data.subarray(4);
  if (name === ERROR_SELECTOR) return decodeString(body);
  if (name === PANIC_SELECTOR) return body.length === 32 ? panicReason(bytesToBigint(body)) : null;
  return null;
}

function panicReason(code: bigint): string {
  return PANIC_REASONS.get(code) ?? `unknown panic code: 0x${code.toString(16)}`;
}

/** ABI: offset (0x20), length, the bytes padded to a whole word. */
function decodeString(body: Uint8Array): string | null {
  if (body.length < 64 || bytesToBigint(body.subarray(0, 32)) !== 32n) return null;
  const length = bytesToBigint(body.subarray(32, 64));
  if (length > BigInt(body.length - 64)) return null;
  const text = body.subarray(64, 64 + Math.min(Number(length), MAX_REASON_BYTES));
  return new TextDecoder().decode(text);
}
