import { bytesToHex } from '@heddle/primitives';
import type { AbiValue } from '../abi/decode-values.ts';
import { checksumAddress } from '../checksum-address.ts';

/** How a value is to be written: the letter behind the `%`, and the digits before an `e`. */
interface Specifier {
  readonly letter: string;
  readonly digits: number | null;
}

/** `%999999e` would be a line of zeros. */
const MAX_EXPONENT_DIGITS = 128;

const AS_TEXT: Specifier = { letter: 's', digits: null };
const NO_NUMBER = 'NaN';

/**
 * What `console.log` shows, as Foundry formats it: the first value, where it is a text, may name places for the others: %s,
 * %d and %i (a number), %x (hexadecimal), %e and %18e (decimals), %o (quoted). What has no place follows after a space.
 * Hardhat differs where a specifier does not fit its value. Foundry writes `0x` for a 0 in hexadecimal, this `0x0`.
 */
export function formatConsole(values: readonly AbiValue[]): string {
  const [first, ...rest] = values;
  if (first === undefined) return '';
  if (first.kind !== 'text') return values.map((value) => show(value, AS_TEXT)).join(' ');
  const unused = [...rest];
  const text = fillPlaces(textOf(first.value), unused);
  const following = unused.map((value) => show(value, AS_TEXT));
  return (text === '' ? following : [text, ...following]).join(' ');
}

/** Takes from `values` what has a place. */
function fillPlaces(text: string, values: AbiValue[]): string {
  return text.replaceAll(/%(%|(\d*)([sdioxe]))/g, (place: string, what: string, digits: string, letter: string) => {
    if (what === '%') return '%';
    if (digits !== '' && letter !== 'e') return place;
    const value = values.shift();
    return value === undefined ? place : show(value, { letter, digits: digits === '' ? null : Number(digits) });
  });
}

function show(value: AbiValue, specifier: Specifier): string {
  switch (value.kind) {
    case 'number':
      return showNumber(value.value, specifier);
    case 'bool':
      return specifier.letter === 'd' ? String(Number(value.value)) : showText(String(value.value), specifier);
    case 'address':
      return showHex(checksumAddress(value.value), specifier);
    case 'bytes':
      return showHex(bytesToHex(value.value), specifier);
    case 'text':
      return showText(textOf(value.value), specifier);
    // console.sol has neither.
    case 'list':
      return `[${value.items.map((item) => show(item, specifier)).join(', ')}]`;
    case 'tuple':
      return `(${value.fields.map((field) => show(field.value, specifier)).join(', ')})`;
  }
}

function showText(text: string, { letter }: Specifier): string {
  if (letter === 's') return text;
  return letter === 'o' ? `'${text}'` : NO_NUMBER;
}

function showHex(text: string, { letter }: Specifier): string {
  return letter === 'x' ? text : showText(text, { letter, digits: null });
}

function showNumber(value: bigint, { letter, digits }: Specifier): string {
  if (letter === 'x') return `0x${BigInt.asUintN(256, value).toString(16)}`;
  if (letter !== 'e') return value.toString();
  const sign = value < 0n ? '-' : '';
  const size = value < 0n ? -value : value;
  if (digits !== null) return sign + decimal(size, Math.min(digits, MAX_EXPONENT_DIGITS));
  const exponent = size.toString().length - 1;
  return `${sign}${decimal(size, exponent)}e${exponent}`;
}

/** `size` / 10^`digits`, without zeros at the end. */
function decimal(size: bigint, digits: number): string {
  const unit = 10n ** BigInt(digits);
  const fraction = (size % unit).toString().padStart(digits, '0').replace(/0+$/, '');
  return fraction === '' ? (size / unit).toString() : `${size / unit}.${fraction}`;
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
