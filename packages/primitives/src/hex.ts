import { Buffer } from 'node:buffer';
import { InvalidHexError } from './errors.ts';

/** Lower-case hexadecimal with a `0x` prefix. The in-memory form of every fixed-width identifier. */
export type Hex = `0x${string}`;

const CHAR_0 = 0x30;
const CHAR_X = 0x78;
/** Above every digit's value and distinguishable after a bitwise or. */
const NOT_A_DIGIT = 0xff;

/** ASCII code of each digit's value, lower case. */
const DIGIT_CODES: Uint8Array = Buffer.from('0123456789abcdef', 'latin1');
const DIGIT_VALUES: Uint8Array = digitValues();

/** Inputs up to here are written into one scratch buffer: flat strings, which hash and compare fast as map keys. */
const SCRATCH_BYTES = 256;
const scratch: Buffer = Buffer.alloc(2 + 2 * SCRATCH_BYTES);
scratch[0] = CHAR_0;
scratch[1] = CHAR_X;

function digitValues(): Uint8Array {
  const values = new Uint8Array(256).fill(NOT_A_DIGIT);
  for (let value = 0; value < 16; value++) {
    const digit = value.toString(16);
    values[digit.charCodeAt(0)] = value;
    values[digit.toUpperCase().charCodeAt(0)] = value;
  }
  return values;
}

/** `0x` and two lower-case digits a byte; `0x` for no bytes. */
export function bytesToHex(bytes: Uint8Array): Hex {
  const length = bytes.length;
  if (length > SCRATCH_BYTES) {
    return `0x${Buffer.from(bytes.buffer, bytes.byteOffset, length).toString('hex')}`;
  }
  let end = 2;
  for (let i = 0; i < length; i++) {
    const byte = bytes[i] ?? 0;
    scratch[end++] = DIGIT_CODES[byte >> 4] ?? 0;
    scratch[end++] = DIGIT_CODES[byte & 15] ?? 0;
  }
  const text = scratch.toString('latin1', 0, end);
  return startsWithPrefix(text) ? text : `0x${text}`;
}

function startsWithPrefix(text: string): text is Hex {
  return text.charCodeAt(0) === CHAR_0 && text.charCodeAt(1) === CHAR_X;
}

/** The bytes of `0x` and an even number of digits, upper or lower case. Throws InvalidHexError for anything else. */
export function hexToBytes(hex: string): Uint8Array {
  if (!startsWithPrefix(hex)) throw new InvalidHexError(hex, 'it does not start with 0x');
  const digits = hex.length - 2;
  if (digits % 2 !== 0) throw new InvalidHexError(hex, 'the number of digits is odd');
  const bytes = new Uint8Array(digits / 2);
  let seen = 0;
  let position = 2;
  for (let i = 0; i < bytes.length; i++) {
    const highCode = hex.charCodeAt(position++);
    const lowCode = hex.charCodeAt(position++);
    const high = DIGIT_VALUES[highCode] ?? NOT_A_DIGIT;
    const low = DIGIT_VALUES[lowCode] ?? NOT_A_DIGIT;
    seen |= high | low;
    bytes[i] = (high << 4) | low;
  }
  if (seen > 15) throw new InvalidHexError(hex, 'it has a character that is not a hexadecimal digit');
  return bytes;
}

/** `0x` and an even number of lower-case digits: what `bytesToHex` gives, and nothing else. */
export function isHex(text: string): text is Hex {
  if (!startsWithPrefix(text) || text.length % 2 !== 0) return false;
  for (let i = 2; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const isDigit = code >= CHAR_0 && code <= 0x39;
    const isLowerLetter = code >= 0x61 && code <= 0x66;
    if (!isDigit && !isLowerLetter) return false;
  }
  return true;
}
