/**
 * Every so many layers one is made that holds the changes of the layers below it too, so that a read visits at most
 * `MERGE_INTERVAL_LAYERS − 1 + log2(depth)` maps. In a healthy network two or three layers are not final, so a
 * smaller number would only copy maps that nobody walks.
 */
export const MERGE_INTERVAL_LAYERS = 8;
