import type { Hash } from '@heddle/types';
import type { Database } from '../database.ts';
import type { DerivedBlocks } from '../derived-blocks.ts';
import type { KeyRange } from '../keys.ts';
import { EXAMINED_ENTRIES } from '../limits.ts';
import type { ChainPart, Damages } from './damages.ts';

/** How far a long examination is: of the blocks of a chain, or of entries whose number nobody knows before (`total` null). */
export type Progress = (part: ChainPart, done: number, total: number | null) => void;

/** A chain that is gone through, and what was found. */
export interface ExaminedChain {
  readonly database: Database;
  readonly derived: DerivedBlocks;
  readonly damages: Damages;
  readonly progress: Progress;
  readonly height: bigint;
  readonly headHash: Hash;
}

/** All entries of a range in key order, some at a time. A value that does not match its checksum is null. */
export async function* entriesOf(
  database: Database,
  { gte, lt }: KeyRange,
): AsyncGenerator<readonly [Uint8Array, Uint8Array | null]> {
  for (let from = gte; ; ) {
    const page = await database.examine({ gte: from, lt }, EXAMINED_ENTRIES);
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < EXAMINED_ENTRIES) return;
    from = behind(last[0]);
  }
}

/** The first key behind this one. */
function behind(key: Uint8Array): Uint8Array {
  const next = new Uint8Array(key.length + 1);
  next.set(key);
  return next;
}
