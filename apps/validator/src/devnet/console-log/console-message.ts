import { bytesToHex } from '@heddle/primitives';
import { MAX_CONSOLE_BYTES, MAX_CONSOLE_CHARACTERS, MAX_SHOWN_BYTES } from '../../limits.ts';
import { selectorOf } from '../abi/abi-book.ts';
import { decodeValues, type NamedValue } from '../abi/decode-values.ts';
import { visible } from '../visible-text.ts';
import { formatConsole } from './format-text.ts';
import { consoleParameters } from './signatures.ts';

/**
 * The lines that a call to the console's address logs; at least one. A payload that is none of console.sol's is shown as
 * bytes. Control characters are escaped.
 */
export function consoleLines(payload: Uint8Array): readonly string[] {
  const values = payload.length > MAX_CONSOLE_BYTES ? null : decode(payload);
  if (values === null) return [undecodable(payload)];
  const text = formatConsole(values.map(({ value }) => value));
  const shown = text.length > MAX_CONSOLE_CHARACTERS ? `${text.slice(0, MAX_CONSOLE_CHARACTERS)}…` : text;
  return visible(shown).split('\n');
}

function decode(payload: Uint8Array): readonly NamedValue[] | null {
  const selector = selectorOf(payload);
  const parameters = selector === null ? null : consoleParameters(selector);
  return parameters === null ? null : decodeValues(parameters, payload.subarray(4));
}

function undecodable(payload: Uint8Array): string {
  const cut = payload.length > MAX_SHOWN_BYTES ? '…' : '';
  return `${bytesToHex(payload.subarray(0, MAX_SHOWN_BYTES))}${cut} (${payload.length} bytes that console.sol does not make)`;
}
