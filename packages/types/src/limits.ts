/** Protocol maximum (ids.ts): cursors, chunk lists and allowances have one entry a shard. */
export const MAX_SHARDS = 64;

/** Largest validator set: a bitmap of 128 bytes, and an aggregate check that stays near 1 ms. */
export const MAX_VALIDATORS = 1024;

/** One bit a validator. */
export const MAX_BITMAP_BYTES: number = Math.ceil(MAX_VALIDATORS / 8);

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

/**
 * Missed heights whose system calls one chunk runs (protocol: `coveredHeight`); bounds the work after a long outage. After
 * more, a shard's next chunk holds system work only.
 */
export const MAX_MISSED_HEIGHTS = 256n;

/**
 * Largest encoded chunk, a rule of validity; what carries chunks takes as much. Producers keep it without counting,
 * since gas pays for every byte (`MAX_CHUNK_GAS_LIMIT`).
 */
export const MAX_CHUNK_BYTES: number = 16 * 1_024 * 1_024;

/**
 * Bytes of a chunk for each gas that it takes, at the most, as a fraction. 10 gas buy a zero byte of call data (the
 * EIP-7623 floor), and with refunds (EIP-3529) 8.5 gas of execution beside its plain price of 4; of the access list 8.5
 * gas buy 0.28 bytes (a slot in a transaction's list for 1,900 gas and its first SLOAD for 100: 33 bytes in each). That
 * is 0.128 bytes a gas. Deliveries take 10,000 gas (Credits 5,000) for an account and a cursor, at most 100 bytes.
 */
export const CHUNK_BYTES_PER_GAS_NUMERATOR = 3n;
export const CHUNK_BYTES_PER_GAS_DENOMINATOR = 20n;

/**
 * Bytes of a chunk that no gas pays for: header and signature (2 kB), three words for each of 256 missed heights and
 * cursors and sequences of 64 shards, at some 100 bytes each.
 */
export const MAX_UNPAID_CHUNK_BYTES = 200_000;

/** Gas limit of a chunk at most: 12 MB of what gas pays for, beside the rest. A genesis with more is refused. */
export const MAX_CHUNK_GAS_LIMIT = 80_000_000n;

/**
 * Counts in chunk headers: 32 bits, as indices of access lists, far above what gas pays for. Sums over all shards stay
 * exact as numbers.
 */
export const MAX_CHUNK_COUNT = 0xffffffff;

/** Gas that one transaction may ask for at the most (EIP-7825). */
export const MAX_TRANSACTION_GAS = 16_777_216n;

/** Gas limit of the section at most, a chunk's: everybody executes it, as one more chunk. A genesis with more is refused. */
export const MAX_GLOBAL_GAS_LIMIT = 80_000_000n;

/**
 * Transactions of a section, the sum of their encodings; a rule of validity. They go out with every proposal: beside the
 * chunk headers of 64 shards a block stays below a third of what carries it.
 */
export const MAX_SECTION_BYTES: number = 1_024 * 1_024;

/** Shortest transaction: a legacy one, a list of nine items of one byte. */
const MIN_TRANSACTION_BYTES = 10;

/** Transactions of a section: as many as fit its bytes. Gas bounds them far below. */
export const MAX_SECTION_TRANSACTIONS: number = Math.floor(MAX_SECTION_BYTES / MIN_TRANSACTION_BYTES);

/** Operations of one control part: what one request of a devnet's RPC asks for, and a state that it loads in pieces. */
export const MAX_CONTROL_OPERATIONS = 4_096;

/** Code that a control operation may give an account: twice what a creation may (EIP-3860), for test doubles; it rides in a block. */
export const MAX_CONTROL_CODE_BYTES: number = 96 * 1_024;

/** Blocks of one run: what every validator derives in a second or two. More of them are several runs. */
export const MAX_RUN_BLOCKS = 65_536n;

/** Derived blocks after which their caller gets a turn: some 5 µs each, so that nothing on the thread waits much longer. */
export const DERIVED_STEP_BLOCKS = 1_024;
