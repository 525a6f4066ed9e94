import { bytesToBigint } from '@heddle/primitives';
import type { Address } from '@heddle/types';
import { TEMPLATE_CALL_DATA_WORDS, TEMPLATE_HASH_DEPTH, TEMPLATE_OFFSETS } from '../../limits.ts';
import type { SlotOrigin } from '../origin-recorder.ts';
import { type AccountTerm, SENDER, type SlotTerm, type SourceTerm, TARGET } from './term.ts';
import type { TransactionWords } from './transaction-words.ts';

/** Numbers below this are a contract's own slots, or amounts: no address and no hash is that small. */
const SMALL = 2n ** 64n;

/**
 * Finds out how what one execution touched comes about. Where two terms fit, the simpler one is taken: if it was the
 * wrong one, it misses the next times, and what is touched then gets a term of its own.
 */
export class TermDeriver {
  readonly #origins: ReadonlyMap<bigint, SlotOrigin>;
  readonly #sources: ReadonlyMap<bigint, SourceTerm>;

  constructor(words: TransactionWords, origins: ReadonlyMap<bigint, SlotOrigin>) {
    this.#origins = origins;
    this.#sources = sourcesOf(words);
  }

  account(address: Address): AccountTerm {
    const value = BigInt(address);
    return (value < SMALL ? undefined : this.#sources.get(value)) ?? { kind: 'address', address };
  }

  slot(slot: bigint): SlotTerm {
    return this.#derive(slot, SMALL, TEMPLATE_HASH_DEPTH);
  }

  /** A value below `leastSource` is its own explanation, however many words of the call data equal it. */
  #derive(value: bigint, leastSource: bigint, depth: number): SlotTerm {
    const source = value < leastSource ? undefined : this.#sources.get(value);
    return source ?? this.#deriveHash(value, depth) ?? { kind: 'constant', value };
  }

  #deriveHash(value: bigint, depth: number): SlotTerm | null {
    if (value < SMALL || depth === 0) return null;
    for (let offset = 0n; offset < TEMPLATE_OFFSETS; offset++) {
      const origin = this.#origins.get(value - offset);
      if (origin === undefined) continue;
      // A key may be a small number from the call data (an identifier); the mapping's own slot is the contract's.
      const first = this.#derive(origin.first, 1n, depth - 1);
      const second = this.#derive(origin.second, SMALL, depth - 1);
      return { kind: 'hash', first, second, offset };
    }
    return null;
  }
}

/** Of several that bring the same value the first stands for it: sender, target, the words in their order. */
function sourcesOf(words: TransactionWords): ReadonlyMap<bigint, SourceTerm> {
  const sources = new Map<bigint, SourceTerm>([[BigInt(words.sender), SENDER]]);
  const target = BigInt(words.target);
  if (!sources.has(target)) sources.set(target, TARGET);
  for (let index = 0; index < TEMPLATE_CALL_DATA_WORDS; index++) {
    const word = words.callDataWord(index);
    if (word === null) break;
    const value = bytesToBigint(word);
    if (!sources.has(value)) sources.set(value, { kind: 'word', index });
  }
  return sources;
}
