/**
 * Format of everything in a data directory. A change that old code cannot read counts it up. 3: checksums on values,
 * messages by their id, `bodyRoot` in chunk headers. 4: sections, and what they execute, and chunk headers that count.
 * 5: trie nodes with versions, and by owner; what is to be deleted; named validators. 6: branches, undo records.
 */
export const FORMAT_VERSION = 6n;

/**
 * Newest final blocks whose state is kept, as in geth: wallets, traces and proofs ask about blocks of the last minutes.
 * What consensus needs of older ones is stored beside the state.
 */
export const HISTORY_BLOCKS = 128;

/** Nodes that a piece has, and about as many as are deleted in one batch: some milliseconds of this thread. */
export const REMOVED_PIECE_NODES = 2048;

/** Most pieces of one shard in one block, far above what gas pays for: 16 bits like those in keys. */
export const MAX_REMOVED_PIECES = 0xffff;

/** Nodes deleted behind each commit beside as many as it removed: so a backlog of a million is gone after 1,000 blocks. */
export const PRUNED_EXTRA_NODES = 1024;

/**
 * Places looked at for pieces behind each commit, a few microseconds each. A block adds two for each of at most 64 shards,
 * so a long time in which little changed is worked off at several blocks a block.
 */
export const PRUNING_LOOKUPS = 1024;

/** Differences between two genesis files that an error names; more would only hide them. */
export const MAX_NAMED_DIFFERENCES = 5;

/**
 * Bytes of decoded blocks that are kept: RPC and BLOCKHASH (256 ancestors) ask for the same ones again. Some thousand of
 * few shards, a hundred of 64, and not more than this when sections are full.
 */
export const CACHED_BLOCK_BYTES: number = 64 * 1024 * 1024;

/** What a block's header and a chunk's place in it take when decoded: hashes as text, a bloom, cursors, signatures. */
export const CACHED_HEADER_BYTES = 4_000;

/** Blocks whose executed transactions are kept decoded: wallets poll receipts of the last few. */
export const CACHED_EXECUTIONS = 64;

/**
 * What a validator's caches of state take together, in bytes, LevelDB's own included. Reads of what they do not hold cost
 * some microseconds more; a machine with much memory has use for much more.
 */
export const STATE_CACHE_BYTES: number = 96 * 1024 * 1024;

/** Least budget that the parts of the caches can share: LevelDB's write buffers alone take 2 MB. */
export const MIN_STATE_CACHE_BYTES: number = 4 * 1024 * 1024;

/** Largest write buffer of LevelDB, which may have two: larger ones make for fewer compactions, and a longer replay. */
export const MAX_WRITE_BUFFER_BYTES: number = 32 * 1024 * 1024;

/** Size of LevelDB's files, its own default. */
export const LEVEL_FILE_BYTES: number = 2 * 1024 * 1024;

/** A database of some hundred megabytes has all its files open; to open one for a read costs some 50 µs. */
export const MIN_OPEN_FILES = 128;

/** LevelDB's own default, and as many as it maps. */
export const MAX_OPEN_FILES = 1000;

/** What a decoded account takes in a cache: object, address, two integers, one root of its own, the map's share. */
export const CACHED_ACCOUNT_BYTES = 400;

/** What an entry of a cache takes beside its value: a hash as text, an array's head, the map's share. */
export const CACHED_ENTRY_BYTES = 300;

/** Hashes of derived blocks that lie in one record, 8 kB: reading the next block of a run mostly takes none from the disk. */
export const DERIVED_PAGE_HASHES = 256;

/** Highest position in a list of executed transactions: far above what gas pays for, 32 bits like those in keys. */
export const MAX_EXECUTION_INDEX = 0xffff_ffff;

/** Longest payload of one log record. A proposal with a full block is far below; a longer length is damage. */
export const MAX_RECORD_BYTES: number = 64 * 1024 * 1024;

/** A journal beyond this is rewritten at its next floor: small enough to replay in well under a second. */
export const JOURNAL_COMPACTION_BYTES: number = 4 * 1024 * 1024;

/** A signer log beyond this is rewritten without what lies below the low watermark. */
export const SIGNER_COMPACTION_BYTES: number = 1024 * 1024;

/** A pool's journal beyond this is rewritten without what no longer waits: some thousand transactions. */
export const POOL_COMPACTION_BYTES: number = 1024 * 1024;

/** Batches that a power failure may take from a memory medium: older ones count as written back, as a system does. */
export const MAX_UNSYNCED_BATCHES = 64;

/** Values of these batches: a larger one is written back at once, else a medium would keep all that it replaces. */
export const MAX_UNSYNCED_VALUES = 65_536;

/** First size of a file in memory; it doubles when full. */
export const MEMORY_FILE_BYTES: number = 4 * 1024;

/** Keys of a store in memory up to here are read through one buffer: no table has longer ones. */
export const SCRATCH_KEY_BYTES = 128;

/**
 * Bytes of LevelDB's tables, the newest first, whose checksums are compared at a start: at some 0.8 GB a second it holds a
 * start up for a few seconds at most. Beyond, and while the node runs, each value is checked when it is read.
 */
export const MAX_CHECKED_BYTES: number = 2 * 1024 * 1024 * 1024;

/** Largest block of a table when decompressed; only index blocks are, and those of 2 MB files have some kilobytes. */
export const MAX_SNAPPY_BYTES: number = 16 * 1024 * 1024;

/** Snapshots that are kept: test suites nest a few dozen. The oldest gives way, as what it can go back over grows with each block. */
export const MAX_SNAPSHOTS = 64;

/** What a block overwrote is written down in values of about this size: a block's changes may be many megabytes. */
export const UNDO_PIECE_BYTES: number = 1024 * 1024;

/** 16 bits like those in keys: 64 GB. */
export const MAX_UNDO_PIECES = 0xffff;

/** Records that are dropped in one batch: about a millisecond of this thread. */
export const DROPPED_UNDO_RECORDS = 1024;

/** Entries of a dump that are written in one batch. */
export const RESTORED_ENTRIES = 4096;

/** Largest chain that is dumped or restored, in bytes before compression: all of it is in memory while that lasts. */
export const MAX_IMAGE_BYTES: number = 1024 * 1024 * 1024;

/** A dump in the mark of a rewind is cut into records of this size: below `MAX_RECORD_BYTES`. */
export const MARK_PIECE_BYTES: number = 16 * 1024 * 1024;

/** Branches of one chain, far above what tests make: each begins above a block of its own. */
export const MAX_BRANCHES = 1_000_000;

/** Entries that are read at once by who goes through a whole table: some hundred kilobytes. */
export const EXAMINED_ENTRIES = 1024;

/** Damaged places that an examination names: more would only hide the first. The rest is counted. */
export const MAX_NAMED_DAMAGES = 32;
