/**
 * Places of a hash table that a key may be looked for in. At half load the longest search for random keys is about 70 in
 * tables of a million; keys that were chosen to collide meet this limit instead of costing a long scan each.
 */
export const MAX_PROBES = 96;

/** Hash functions that are tried in turn when keys crowd: what collides under one does not under the next. */
export const MAX_SEEDS = 4;

/**
 * Bytes of a snapshot's tables. A chunk of 20,000 ERC-20 transfers takes 10 million; this is room for a list 25 times as
 * long. What needs more runs sequentially.
 */
export const MAX_TABLES_BYTES: number = 256 * 2 ** 20;

/** Bytes of code in a snapshot: 680 contracts of the largest size. Code beyond is left out, and reading it is a miss. */
export const MAX_CODE_BYTES: number = 16 * 2 ** 20;

/** Highest access-list index: above what a chunk of 10^10 gas can hold, and 2 MiB of counts. */
export const MAX_SNAPSHOT_INDEX: number = 2 ** 19 - 1;
