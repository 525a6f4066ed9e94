import type { Hex } from '@heddle/primitives';
import { WORD_CACHE_ENTRIES } from '../limits.ts';

/**
 * Remembers the text of the words last asked for, one in each place: rendering takes ten times as long, and accounts
 * are looked up faster by the same string than by an equal one.
 */
export class WordTextCache {
  readonly #render: (word: bigint) => Hex;
  readonly #words: bigint[] = new Array<bigint>(WORD_CACHE_ENTRIES).fill(-1n);
  readonly #texts: Hex[] = new Array<Hex>(WORD_CACHE_ENTRIES).fill('0x');

  constructor(render: (word: bigint) => Hex) {
    this.#render = render;
  }

  text(word: bigint): Hex {
    const place = Number(BigInt.asUintN(30, word)) & (WORD_CACHE_ENTRIES - 1);
    if (this.#words[place] !== word) {
      this.#words[place] = word;
      this.#texts[place] = this.#render(word);
    }
    return this.#texts[place] ?? '0x';
  }
}
