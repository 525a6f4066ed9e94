/**
 * Every so many layers one is made that holds the changes of the layers below it too, so that a read visits at most
 * `MERGE_INTERVAL_LAYERS − 1 + log2(depth)` maps. In a healthy network two or three layers are not final, so a
 * smaller number would only copy maps that nobody walks.
 */
export const MERGE_INTERVAL_LAYERS = 8;

/** First piece of memory that packed bytes are cut from: most chunks change a few accounts. Pieces double. */
export const FIRST_SLAB_BYTES: number = 2 * 1024;

/** Largest piece: what the last one wastes is little beside what a chunk of such a size has made. */
export const LAST_SLAB_BYTES: number = 512 * 1024;

/** Nodes that a new table has room for, a power of two; it doubles. */
export const FIRST_TABLE_NODES = 16;

/**
 * Changed accounts and slots after which `createLayerSteps` gives its caller a turn: some 5 ms at 10 µs each, so that
 * nothing on the thread waits much longer.
 */
export const STEP_ENTRIES = 500;

/** New nodes for each changed account, as a guess to begin with: a leaf, a branch, and a share of what is above. */
export const NODES_PER_ACCOUNT = 2.5;
