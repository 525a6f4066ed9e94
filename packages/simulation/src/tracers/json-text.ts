import { bytesToHex } from '@heddle/primitives';
import { ResultTooLargeError } from '../errors.ts';

/** JSON in the making: pieces of text, bounded, that are never an object of objects. */
export class JsonText {
  readonly #limit: number;
  readonly #pieces: string[] = [];
  #length = 0;

  /** `limit`: characters, which are bytes, since all of it is ASCII. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Throws `ResultTooLargeError`. */
  write(text: string): void {
    this.reserve(text.length);
    this.#length += text.length;
    this.#pieces.push(text);
  }

  /** Throws `ResultTooLargeError` if `more` characters do not fit any more: for what is collected before it is written. */
  reserve(more: number): void {
    if (this.#length + more > this.#limit) throw new ResultTooLargeError(this.#limit);
  }

  /** Writes `[…]`, each item by `write`. */
  list<Item>(items: Iterable<Item>, write: (item: Item) => void): void {
    let separator = '[';
    for (const item of items) {
      this.write(separator);
      separator = ',';
      write(item);
    }
    this.write(separator === '[' ? '[]' : ']');
  }

  toString(): string {
    return this.#pieces.join('');
  }
}

/** `"0x1f"`: an Ethereum quantity with its quotes. */
export function quotedQuantity(value: bigint | number): string {
  return `"0x${value.toString(16)}"`;
}

/** `"0x00ff"`: bytes with their quotes. */
export function quotedBytes(bytes: Uint8Array): string {
  return `"${bytesToHex(bytes)}"`;
}

/** `"0x00…1f"`: a whole word with its quotes. */
export function quotedWord(word: bigint): string {
  return `"0x${word.toString(16).padStart(64, '0')}"`;
}

/** Any text: what is not ASCII becomes escapes, so that characters are bytes. */
export function quotedText(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
