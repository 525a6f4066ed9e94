import type { JsonText } from '../json-text.ts';

/** Reads a text's bytes into buffers, one after the other. */
export class TextParts {
  readonly #pieces: readonly string[];
  #piece = 0;
  /** Bytes of the piece that have been read. */
  #at = 0;

  constructor({ pieces }: JsonText) {
    this.#pieces = pieces;
  }

  /** Fills `buffer` from `start` on, until it or the text ends. Where it stopped. */
  fill(buffer: Buffer, start: number): number {
    let end = start;
    for (; this.#piece < this.#pieces.length && end < buffer.length; this.#piece++) {
      const piece = this.#pieces[this.#piece] ?? '';
      const rest = this.#at === 0 ? piece : piece.slice(this.#at);
      const written = buffer.write(rest, end, buffer.length - end, 'latin1');
      end += written;
      if (written < rest.length) {
        this.#at += written;
        break;
      }
      this.#at = 0;
    }
    return end;
  }
}
