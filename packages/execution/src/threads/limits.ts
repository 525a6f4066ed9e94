/**
 * Transactions that a worker takes at once from a chunk in which each stands for itself: few enough that the last ones
 * end together, enough that the shared counter is touched rarely.
 */
export const CLAIMED_TRANSACTIONS = 32;

/** Results in one message: at some 30 µs a message, a tenth of a microsecond each; the receiver starts early. */
export const RESULTS_PER_MESSAGE = 256;

/** Bytes that a record starts with: a message's worth of transfers. A writer grows beyond. */
export const INITIAL_RECORD_BYTES: number = 256 * 1024;

/**
 * Jobs that wait for the one that runs. The validators of a process take turns; more than this means that the pool does
 * not keep up, and their own threads are idle.
 */
export const MAX_WAITING_JOBS = 64;

/** Workers that may die in a row, no job having ended well between them, before the pool gives up. */
export const MAX_DEATHS_IN_A_ROW = 4;

/** Workers of a pool: no machine that runs a validator has more cores to spare. */
export const MAX_WORKERS = 64;

/** µs of work after which the event loop gets its turn: votes and RPC must not wait for a big chunk (50 ms at most). */
export const MAX_TURN_MICROSECONDS = 10_000;

/**
 * Megabytes of a worker's heap for what was made just now: a transaction leaves some 20 kB behind, and with room for a few
 * thousand of them a collection finds next to nothing alive. With V8's default lanes took 5 % more CPU.
 */
export const WORKER_YOUNG_GENERATION_MB = 64;
