import { bytesToHex } from '@heddle/primitives';
import type { Address } from '@heddle/types';
import { MAX_SHOWN_BYTES, MAX_SHOWN_CALL_CHARACTERS } from '../../limits.ts';
import { checksumAddress } from '../checksum-address.ts';
import { visible } from '../visible-text.ts';
import type { AbiValue, NamedValue } from './decode-values.ts';

/** How an address is shown: short for reading, in full for copying. */
export type ShowAddress = (address: Address) => string;

/** With the checksum of EIP-55. */
export const inFull: ShowAddress = checksumAddress;

/** 0xf39F…2266 */
export const inShort: ShowAddress = (address) => {
  const text = checksumAddress(address);
  return `${text.slice(0, 6)}…${text.slice(-4)}`;
};

/** `transfer(to: 0xf39F…2266, amount: 100)`, cut where it gets too long for a line. */
export function formatCall(name: string, values: readonly NamedValue[], show: ShowAddress): string {
  const line = new BoundedLine(MAX_SHOWN_CALL_CHARACTERS);
  line.add(`${name}(`);
  addNamed(line, values, show);
  line.add(')');
  return line.text;
}

/** Takes text until it is full; what writes to it looks first, so that long values cost no more than what is shown. */
class BoundedLine {
  readonly #limit: number;
  #text = '';
  #isCut = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get isFull(): boolean {
    return this.#isCut;
  }

  get text(): string {
    return this.#isCut ? `${this.#text}…` : this.#text;
  }

  add(text: string): void {
    if (this.#isCut) return;
    const room = this.#limit - this.#text.length;
    this.#isCut = text.length > room;
    this.#text += text.slice(0, room);
  }
}

function addNamed(line: BoundedLine, values: readonly NamedValue[], show: ShowAddress): void {
  for (const [index, { name, value }] of values.entries()) {
    if (line.isFull) return;
    if (index > 0) line.add(', ');
    if (name !== '') line.add(`${name}: `);
    addValue(line, value, show);
  }
}

function addValue(line: BoundedLine, value: AbiValue, show: ShowAddress): void {
  switch (value.kind) {
    case 'number':
    case 'bool':
      return line.add(String(value.value));
    case 'address':
      return line.add(show(value.value));
    case 'bytes':
      return line.add(shortBytes(value.value));
    case 'text':
      return line.add(visible(JSON.stringify(shortText(value.value))));
    case 'list':
      line.add('[');
      for (const [index, item] of value.items.entries()) {
        if (line.isFull) return;
        if (index > 0) line.add(', ');
        addValue(line, item, show);
      }
      return line.add(']');
    case 'tuple':
      line.add('(');
      addNamed(line, value.fields, show);
      return line.add(')');
  }
}

function shortBytes(bytes: Uint8Array): string {
  if (bytes.length <= MAX_SHOWN_BYTES) return bytesToHex(bytes);
  return `${bytesToHex(bytes.subarray(0, MAX_SHOWN_BYTES))}… (${bytes.length} bytes)`;
}

function shortText(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes.subarray(0, MAX_SHOWN_CALL_CHARACTERS));
}
