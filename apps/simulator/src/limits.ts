/** Final blocks past GST on every live honest validator that end a seed: several turns of every leader at n = 4 … 7. */
export const BLOCKS_AFTER_HEALING = 20n;

/**
 * Longest virtual time after GST until a first new final block everywhere: one view at the greatest timeout (3T, T ≤
 * 16 s), a second one if that leader is byzantine, and the requests that wait out their own timeouts in between.
 */
export const FIRST_BLOCK_DEADLINE_MS = 180_000;

/** Longest virtual time after GST until the seed's end: f leaders of n may waste each of their turns (3T from k = 0). */
export const END_DEADLINE_MS = 900_000;

/** Submissions of a devnet's owner after GST: all kinds of operations in a few seeds. */
export const OPERATIONS_AFTER_HEALING = 3;

/** The owner looks whether its submission is final, and gives it to those who have not got it, that often. */
export const OFFER_CONTROL_MS = 500;

/** Heights below a control block whose hashes the referee looks for in every state: all of a long run. */
export const MAX_LOOK_BACK = 3_000n;

/** Derived blocks of a run that are read as a whole, evenly spread; of the others the hash. */
export const LOOKS_INTO_RUN = 16;

/** A user gives a transaction to another validator when it has not been executed after this. */
export const RESUBMIT_MS = 4_000;

/** Transactions of one account that wait at once. */
export const MAX_WAITING_PER_ACCOUNT = 2;

/** Accounts with money on each shard. */
export const ACCOUNTS_PER_SHARD = 3;

/** Views that an engine may remember: the finalized window, 64 views between floors, and what a long outage adds. */
export const MAX_VIEWS_IN_MEMORY = 4_200;

/** Executed blocks above the final one: a view has one proposal, and few views stay notarized without being final. */
export const MAX_UNFINAL_BLOCKS = 64;

/** Journal records between two floors: some twenty a view for 64 views, and what is kept above the floor. */
export const MAX_JOURNAL_RECORDS = 8_192;

/**
 * Final heights that a transaction may wait in every honest pool after GST beside one for each validator: as many as a leader
 * leaves a local one to the chunks of its home. One or two are seen.
 */
export const SPARE_HEIGHTS_IN_POOLS = 8;

/** Genesis files kept per process: four validator counts, three shard counts, a few block times each. */
export const CACHED_GENESES = 64;

/** Real time that one seed may take: a thousand times what most take. */
export const MAX_SEED_MS = 300_000;

/** Processes that play seeds at the same time. */
export const MAX_JOBS = 64;

/** Real time that a process of the mutation gate may take for one run: a mutant may make the engine run for ever. */
export const MAX_MUTATION_JOB_MS = 180_000;

/** Virtual time in which a fault that an honest validator saw becomes proof: it is in the mail when it is counted. */
export const PROOF_DEADLINE_MS = 5_000;

/** The shortest that a genesis file may have, where the end of an epoch is what matters. */
export const SHORT_EPOCH_BLOCKS = 4n;

/** Final blocks of the run whose points are walked: each of four validators leads, and an epoch ends among them. */
export const REFERENCE_BLOCKS = 7n;

/** What half a step of a disk takes in that run, virtual milliseconds: other machines and inputs come in between. */
export const CRASH_STEP_MS = 2;

/** Virtual time in which that run has to end. */
export const MAX_REFERENCE_MS = 60_000;

/** How long a validator is down after a crash point, virtual milliseconds: one of these, by the point's number. */
export const CRASH_DOWN_MS: readonly number[] = [1, 300, 2_500];

/** Virtual time in which a validator has to stop by itself when its disk fails: it writes with every view. */
export const MAX_STOP_MS = 60_000;

/** Final blocks after a crash point on every validator. */
export const BLOCKS_AFTER_CRASH = 3n;

/** Characters of the trace that are hashed at once: some hundred lines. */
export const TRACE_HASH_CHARACTERS = 16_384;

/** Final blocks before the last one at which users stop sending: as many as a cross-shard transfer takes to arrive. */
export const QUIET_BLOCKS = 5n;

/**
 * Size of the young generation of a process that plays seeds, MiB: with the default of 16 more of what a seed makes
 * lives through a collection and is copied.
 */
export const YOUNG_GENERATION_MIB = 32;

/** The reference machine needs a third of a second for a transaction of 2^24 gas that is slow to execute, and again to check it. */
export const REFERENCE_GAS_PER_MS = 50_000;

/**
 * Patient heights that a shard may let pass after the first that is long enough for it: its producer or the leader may be
 * busy with a chunk of the height before.
 */
export const SPARE_PATIENT_HEIGHTS = 3;

/**
 * Virtual time that a seed may take more for each time that its machines are slower than the reference, ms: some twenty
 * heavy transactions one after the other on one core, each until the wait for it has grown to what it needs.
 */
export const SLOWDOWN_DEADLINE_MS = 120_000;

/**
 * Heights that a shard may miss in a row after GST: some until its deadline has grown to what a slow quorum needs, and for
 * each faulty validator its turn as producer and the view that it wastes as leader. Three are seen, five where nobody but
 * a bare quorum endorses.
 */
export const MISSED_IN_A_ROW = 6;
export const MISSED_PER_FAULTY = 2;

/** Genuine messages of each kind that the wire driver keeps to distort. */
export const SAMPLES_PER_KIND = 24;

/** Messages that a peer outside of the set sends until another one takes its place: with 100,000 there are thousands. */
export const MESSAGES_PER_STRANGER = 4;

/** Virtual time that the wire driver waits for an answer, which does not interest it. */
export const REQUEST_PATIENCE_MS = 2_000;

/** Messages that the wire driver sends for each final block: more than a hundred honest validators do. */
export const MESSAGES_PER_BLOCK = 1_000;

/** Final blocks of the shortest stretch that the wire driver measures: three epochs. */
export const WIRE_PHASE_BLOCKS = 12;

/** Virtual time in which a block comes under fire: the member may waste its views, at timeouts that have grown. */
export const WIRE_BLOCK_DEADLINE_MS = 120_000;

/**
 * What two stretches of a run may differ by in bytes that live on: what is bounded is not equally full at both ends (a
 * peer's share of a budget is 1 MiB), and code and caches settle. And for each message less than the smallest object that
 * one could leave behind: an entry of a map has 32 bytes and its key and value more.
 */
export const LIVE_BYTES_NOISE: number = 2 * 1_024 * 1_024;
export const LIVE_BYTES_PER_MESSAGE = 32;

/**
 * Bytes of messages that a node may hold until it can use them. A simulated network's own are a few kB; one flooder sends
 * some twenty times as much as this within a seed.
 */
export const MAX_HELD_BYTES: number = 2 * 1_024 * 1_024;
/** Heights that no shard misses, however slow: after 256 its chunk has nothing heavy, and every producer has its turn. */
export const MOST_MISSED_HEIGHTS = 300;
