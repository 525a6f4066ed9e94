import { bytesToBigint, bytesToHex, HASH_BYTES } from '@heddle/primitives';
import { type Block, type BlockHeader, type DerivedRun, derivedHeader, type Hash } from '@heddle/types';
import { decodeDerivedRun, type StoredRun } from './codecs.ts';
import type { Database } from './database.ts';
import { derivedHashKey, derivedRunKey, tableRange } from './keys.ts';
import { DERIVED_PAGE_HASHES } from './limits.ts';

/** Heights of a run's derived blocks. */
interface Span {
  readonly first: bigint;
  readonly last: bigint;
}

interface OpenedRun {
  readonly span: Span;
  readonly run: StoredRun;
  readonly parent: Block;
}

/** A derived block, and the one that its run was decided on. */
interface DerivedPlace {
  readonly header: BlockHeader;
  readonly hash: Hash;
  readonly parent: Block;
}

/** The derived blocks of runs, which are stored as what they follow from: a few hundred bytes a run, and 80 a block. */
export class DerivedBlocks {
  readonly #database: Database;
  /** In order of height. */
  readonly #spans: Span[];
  /** The run that was read last. */
  #last: OpenedRun | null = null;
  /** The page of hashes that was read last, by the number of its first. */
  #page: { readonly first: bigint; readonly hashes: Uint8Array } | null = null;

  private constructor(database: Database, spans: Span[]) {
    this.#database = database;
    this.#spans = spans;
  }

  static async load(database: Database): Promise<DerivedBlocks> {
    const entries = await database.entries(tableRange('derivedRun'));
    return new DerivedBlocks(
      database,
      entries.map(([key, value]) => spanOf(bytesToBigint(key.subarray(1)), decodeDerivedRun(value).count)),
    );
  }

  /** In the moment in which readers see the run's decided block. */
  add({ first, hashes }: DerivedRun): void {
    this.#spans.push(spanOf(first.number, BigInt(hashes.length)));
  }

  has(number: bigint): boolean {
    return this.#spanAt(number) !== null;
  }

  /**
   * Header and hash of the derived block at `number`, and the block below its run, which `decided` reads; null if there is
   * none.
   */
  at(number: bigint, decided: (number: bigint) => Block): DerivedPlace | null {
    const span = this.#spanAt(number);
    if (span === null) return null;
    const { run, parent } = this.#opened(span, decided);
    const index = Number(number - span.first);
    const parentHash = index === 0 ? run.first.parentHash : this.#hash(span, index - 1);
    return { header: derivedHeader(run, index, parentHash), hash: this.#hash(span, index), parent };
  }

  /** Whoever reads one block of a run reads the next. */
  #opened(span: Span, decided: (number: bigint) => Block): OpenedRun {
    if (this.#last?.span === span) return this.#last;
    const value = this.#database.get(derivedRunKey(span.first));
    if (value === undefined) throw this.#database.damaged(`the run of derived block ${span.first} is missing`);
    this.#last = { span, run: decodeDerivedRun(value), parent: decided(span.first - 1n) };
    return this.#last;
  }

  #hash({ first }: Span, index: number): Hash {
    const place = index % DERIVED_PAGE_HASHES;
    const hashes = this.#hashesFrom(first + BigInt(index - place));
    return bytesToHex(hashes.subarray(place * HASH_BYTES, (place + 1) * HASH_BYTES));
  }

  #hashesFrom(first: bigint): Uint8Array {
    if (this.#page?.first === first) return this.#page.hashes;
    const hashes = this.#database.get(derivedHashKey(first));
    if (hashes === undefined) throw this.#database.damaged(`the hashes from derived block ${first} on are missing`);
    this.#page = { first, hashes };
    return hashes;
  }

  /** The last span that does not begin above, if it reaches so far. */
  #spanAt(number: bigint): Span | null {
    let low = 0;
    for (let high = this.#spans.length; low < high; ) {
      const middle = (low + high) >>> 1;
      const span = this.#spans[middle];
      if (span !== undefined && span.first <= number) low = middle + 1;
      else high = middle;
    }
    const span = this.#spans[low - 1];
    return span !== undefined && number <= span.last ? span : null;
  }
}

function spanOf(first: bigint, count: bigint): Span {
  return { first, last: first + count - 1n };
}
