/** Format of everything in a data directory. A change that old code cannot read counts it up. */
export const FORMAT_VERSION = 2n;

/** Differences between two genesis files that an error names; more would only hide them. */
export const MAX_NAMED_DIFFERENCES = 5;

/** Decoded blocks kept, the newest ones read: RPC and BLOCKHASH (256 ancestors) ask for the same ones again. */
export const CACHED_BLOCKS = 512;

/** Blocks whose executed transactions are kept decoded: wallets poll receipts of the last few. */
export const CACHED_EXECUTIONS = 64;

/** Trie nodes kept in memory per shard, at about 0.5 kB each: the top of the trie is read by every block. */
export const CACHED_TRIE_NODES = 20_000;

/** Contract codes kept in memory per shard, at most 24 kB each (EIP-170). */
export const CACHED_CODES = 512;

/** Longest payload of one log record. A proposal with a full block is far below; a longer length is damage. */
export const MAX_RECORD_BYTES: number = 64 * 1024 * 1024;

/** A journal beyond this is rewritten at its next floor: small enough to replay in well under a second. */
export const JOURNAL_COMPACTION_BYTES: number = 4 * 1024 * 1024;

/** A signer log beyond this is rewritten without what lies below the low watermark. */
export const SIGNER_COMPACTION_BYTES: number = 1024 * 1024;

/** Batches that a power failure may take from a memory medium: older ones count as written back, as a system does. */
export const MAX_UNSYNCED_BATCHES = 64;

/** First size of a file in memory; it doubles when full. */
export const MEMORY_FILE_BYTES: number = 4 * 1024;

/** Keys of a store in memory up to here are read through one buffer: no table has longer ones. */
export const SCRATCH_KEY_BYTES = 128;
