/** Words on a frame's stack (yellow paper). */
export const STACK_LIMIT = 1024;

/** Frames below the outermost one (yellow paper). */
export const CALL_DEPTH_LIMIT = 1024;

/** Bytes of a contract's code (EIP-170). */
export const MAX_CODE_SIZE = 24_576;

/** Bytes of init code (EIP-3860). */
export const MAX_INIT_CODE_SIZE: number = 2 * MAX_CODE_SIZE;

/** Blobs of one transaction (EIP-7594). EIP-7892 lets a fork change what a block holds, not this. */
export const MAX_TRANSACTION_BLOBS = 6;

/** Nonces end below this (EIP-2681): one of this value could never be increased. */
export const MAX_NONCE: bigint = 2n ** 64n - 1n;

/**
 * Bytes of memory that gas can ever pay for: 2^31 bytes cost 8.8·10^12 gas, above every gas limit in use. Keeps the cost
 * formula exact in a number; whatever asks for more is out of gas.
 */
export const MAX_MEMORY_BYTES: number = 2 ** 31;

/** Codes whose jump destinations and decoded blocks are remembered. The oldest go first. */
export const CODE_CACHE_ENTRIES = 4_096;

/** Decoded instructions of these codes, of some 150 bytes each: 75 MB. */
export const MAX_DECODED_INSTRUCTIONS = 500_000;

/** Addresses, and hashes, whose text is remembered, a power of two: a chunk of transfers has some thousands. */
export const WORD_CACHE_ENTRIES = 4_096;

/** Stacks and memories kept for frames to come: as many as calls are usually nested, and some to spare. */
export const IDLE_WORKSPACES = 32;

/** Memory above this is not kept: it is rare, and 32 of them are 2 MiB as it is. */
export const MAX_IDLE_MEMORY_BYTES = 65_536;

/** BLOCKHASH reaches this far back (Yellow Paper). */
export const BLOCK_HASH_WINDOW = 256n;

/** Places of the rings of EIP-2935 and EIP-4788 (HISTORY_BUFFER_LENGTH, HISTORY_SERVE_WINDOW). */
export const RING_PLACES = 8_191n;

/** Heights whose system work a control chunk does before its caller gets a turn, some 5 µs each. */
export const COVERED_STEP_HEIGHTS = 1_024n;

/** Gas of a system call (EIP-2935, EIP-4788). */
export const SYSTEM_CALL_GAS = 30_000_000;

/**
 * Gas that an account or slot in an access list stands for, at the least. EIP-7928 says 2,000: a slot of a transaction's
 * access list is 1,900 (EIP-2930), reading it 100. A fifth of that may come back as a refund (EIP-3529), which EIP-7928
 * does not know. A list with more items than its chunk's gas limit can pay for is not read.
 */
export const GAS_PER_LISTED_ITEM = 1_600;

/**
 * Items that nobody pays gas for: three words for each of 256 heights (EIP-2935, EIP-4788), cursors and sequences of 64
 * shards, and some accounts.
 */
export const MAX_SYSTEM_ITEMS = 1_000;

/** Functions (target and selector) of which the predictor knows what they touch; the one learned longest ago goes first. */
export const PREDICTED_FUNCTIONS = 2_048;

/**
 * Templates of one function: a swap over three pairs touches about thirty accounts and slots. What touches more runs
 * long enough for its prediction not to matter. With the bound above some 40 MiB at most.
 */
export const TEMPLATES_PER_FUNCTION = 64;

/** keccak256 of two words costs about 1 µs; with more of them a prediction would cost what an execution costs. */
export const HASHES_PER_PREDICTION = 32;

/** Hashes within hashes of a template: mappings in mappings, three deep, and one to spare. */
export const TEMPLATE_HASH_DEPTH = 4;

/** Words of call data that templates look at: a batch of ten transfers, or a swap with a path, has fewer. */
export const TEMPLATE_CALL_DATA_WORDS = 32;

/** Words that a struct (or a short array) in a mapping may lie behind its hash. */
export const TEMPLATE_OFFSETS = 16n;

/** Kinds of transaction (target and selector) that a producer executes once on trial, to learn what they touch. */
export const MAX_SAMPLED_TRANSACTIONS = 64;

/** Candidates that a producer plans lanes for at a time: above what a chunk of simple transfers holds. */
export const MAX_BATCH_TRANSACTIONS = 32_768;

/** Parts that a producer makes for each lane: workers take the biggest first, so that they end together. */
export const PARTS_PER_LANE = 4;

/** Share of a batch's gas above which a lane is not worth a worker: the commit would wait for it and then do its own. */
export const MAX_LANE_SHARE = 0.9;
