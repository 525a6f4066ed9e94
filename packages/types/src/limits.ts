/** Protocol maximum (ids.ts): cursors, chunk lists and allowances have one entry a shard. */
export const MAX_SHARDS = 64;

/** Largest validator set: a bitmap of 128 bytes, and an aggregate check that stays near 1 ms. */
export const MAX_VALIDATORS = 1024;

/** ceil(MAX_VALIDATORS / 8). */
export const MAX_BITMAP_BYTES = 128;

/** Ethereum's header rule: `extraData` has at most 32 bytes. */
export const MAX_EXTRA_DATA_BYTES = 32;

/** Topics of one log: LOG0 … LOG4. */
export const MAX_TOPICS = 4;

/** Access list indices are 32 bits wide (execution.md). */
export const MAX_ACCESS_INDEX = 0xffffffff;

/** Blocks of an epoch at least: the state that names the next set lies two blocks or more below the boundary. */
export const MIN_EPOCH_LENGTH = 4;

/** Blocks of an epoch at most: decades. A longer one is a slip. */
export const MAX_EPOCH_LENGTH = 2_147_483_647;

/**
 * Messages to sign kept by what they say, at about 1 kB each: the votes and endorsements of a dozen views, which every
 * validator of a process signs or checks several times.
 */
export const REMEMBERED_SIGNING_MESSAGES = 1024;

/** A day. Longer times in a genesis file are slips of a unit, not wishes; it also keeps timers below 2^31 ms. */
export const MAX_GENESIS_TIME_MS = 86_400_000;
