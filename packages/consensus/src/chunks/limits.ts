/** The deadline grows by this factor with each height in a row that a shard missed (protocol.md, Blocks and chunks). */
export const CHUNK_DEADLINE_GROWTH = 1.5;

/** Cap of the grown deadline of a shard that is not down, in ms: what others wait at the most for what may be there soon. */
export const CHUNK_DEADLINE_CAP_MS = 8_000;

/** From this many missed heights in a row a shard counts as down: leaders wait for it at patient heights only. */
export const DOWN_AFTER_MISSED_HEIGHTS = 6;

/** The first height at which a shard that is down is waited for, in missed heights, and the least distance to the next. */
export const FIRST_PATIENT_HEIGHT = 8;
export const PATIENT_GAP = 9;

/**
 * A shard that is down is waited for at most missed²/this D, once that is above the cap: 4,750·D at the last patient height
 * before a chunk of system work only, which is what a machine needs that is some 700 times slower than the reference.
 */
export const PATIENCE_DIVISOR = 8;

/**
 * The same after more missed heights than `MAX_MISSED_HEIGHTS`: so many D for each. The next chunk is a light one then, of
 * system work only, and the count begins again with it: whatever wait a heavy transaction needs has to come before.
 */
export const LATE_PATIENCE = 2;

/** Longest wait for any chunk, in ms: what nobody would take for a network that is at work. */
export const PATIENCE_CAP_MS = 3_600_000;

/** What a leader waits on for chunks that are under way, as a part of what it has waited for them so far. */
export const GRACE_SHARE = 0.5;

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
export const ORPHANS_BASE = 8;
export const ORPHANS_PER_SHARD = 2;

/** A message whose parent has not turned up after this many finalized heights never will matter. */
export const ORPHAN_KEEP_HEIGHTS = 64n;

/** Parents remembered at once; only unfinalized ones are, so this is reached only while nothing finalizes. */
export const MAX_PARENTS = 256;
