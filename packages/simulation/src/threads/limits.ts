/** Most workers of a pool. More than a machine has cores would only take them from consensus. */
export const MAX_WORKERS = 64;

/** How long one job may run, milliseconds: geth's figure for the EVM. */
export const JOB_TIME_MS = 5_000;

/** A job that has run for longer is a long one, milliseconds: it must not keep the last worker from the others. */
export const LONG_JOB_MS = 100;

/** A job that nobody waits for and that has run for longer ends with its worker, milliseconds: a new one takes 0.3 s of CPU. */
export const ABANDONED_JOB_MS = 200;

/** How often running jobs are looked at, milliseconds. */
export const TICK_MS = 25;

/**
 * Jobs that wait, of all clients. An HTTP connection has one at a time, so this is as many as there may be connections; at
 * 0.2 ms for a usual call they are done within a second.
 */
export const MAX_WAITING_JOBS = 2_048;

/** Jobs that one worker has before it at once: so it need not wait for a turn of the main thread after each. */
export const MAX_ASSIGNED_JOBS = 16;

/** Flags for jobs given to a worker: those that were taken back are still in its inbox for a while. */
export const CLAIM_SLOTS = 64;

/** Workers that ended before they were ready, in a row, after which jobs are refused instead of starting more. */
export const MAX_DEATHS_IN_A_ROW = 3;

/** Heap of a worker, MB. The EVM's own memory is bounded by gas; this is for traces and for what is remembered. */
export const WORKER_HEAP_MB = 512;

/** Short-lived objects of the interpreter are many: a small nursery would copy them, MB. */
export const WORKER_NURSERY_MB = 16;

/** What a worker remembers of accounts and slots, bytes. */
export const STATE_CACHE_BYTES: number = 32 * 1024 * 1024;

/** What a worker remembers of code, bytes: some hundreds of contracts of full size. */
export const CODE_CACHE_BYTES: number = 16 * 1024 * 1024;

/** Facts that the main thread remembers having sent to a worker: what is forgotten is only sent again. */
export const MAX_SENT_FACTS = 16_384;
