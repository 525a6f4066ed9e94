/** The deadline grows by this factor with each height in a row that a shard missed (protocol.md, Blocks and chunks). */
export const CHUNK_DEADLINE_GROWTH = 1.5;

/** Cap of the grown deadline, below the cap of the view timers (16–30 s) so that a slow shard can't time a leader out. */
export const CHUNK_DEADLINE_CAP_MS = 8_000;

/**
 * From this many missed heights in a row a shard counts as down and no longer decides how long a leader waits. By then
 * its gas target and delivery budget are at their floor (2^-6), so that what it still makes fits the others' deadline.
 */
export const DOWN_AFTER_MISSED_HEIGHTS = 6;

/**
 * Different chunks heard for one shard and parent: an honest producer signs one, a second is evidence. What a quorum has
 * certified always finds room.
 */
export const MAX_CHUNKS_PER_PLACE = 2;

/**
 * Chunks are heard for so many heights above the final one. More blocks wait for finality only while nothing finalizes,
 * and then a certified chunk is still fetched by its hash.
 */
export const CHUNK_WINDOW_HEIGHTS = 64n;

/**
 * Chunks and endorsements held for parents that this node has not reached yet, per sender: base + this per shard.
 * An honest sender is at most a parent or two ahead; whoever is further behind has to sync anyway.
 */
export const EARLY_MESSAGES_BASE = 8;
export const EARLY_MESSAGES_PER_SHARD = 2;

/** An early message whose parent has not turned up after this many finalized heights never will matter. */
export const EARLY_KEEP_HEIGHTS = 64n;

/** Parents remembered at once; only unfinalized ones are, so this is reached only while nothing finalizes. */
export const MAX_ROUNDS = 256;
