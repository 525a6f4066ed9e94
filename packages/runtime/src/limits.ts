/** Longest delay that a node timer takes (2^31 − 1 ms); a longer one would fire at once, so it is waited for in parts. */
export const MAX_NODE_TIMER_MS = 2_147_483_647;

/** Most bytes of one `bytes` call: far above any id or seed, small enough that a wrong length can't exhaust memory. */
export const MAX_RANDOM_BYTES: number = 1 << 24;

/** Most tasks of one `advance` or `runUntil`: a long simulation needs about a million; beyond it a loop stands still in time. */
export const MAX_TASKS_PER_ADVANCE = 50_000_000;

/** Below this many cancelled timers the heap is not worth rebuilding. */
export const MIN_CANCELLED_BEFORE_REBUILD = 1_024;

/** Tasks of virtual time between two turns of the real event loop: about a millisecond, so that a signal is heard at once. */
export const SETTLED_BETWEEN_TURNS = 64;
