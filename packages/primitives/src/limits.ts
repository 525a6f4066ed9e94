/**
 * Lists inside lists. Nothing in Ethereum or Heddle nests deeper than ten; the limit keeps a hostile input of
 * nested list heads (one byte a level) from exhausting the stack.
 */
export const MAX_RLP_DEPTH = 256;

/** Encodings up to here are hashed without memory of their own: the certificates of a block of some twenty shards, small bodies. */
export const RLP_SCRATCH_BYTES = 8192;

/** Parsed BLS public keys kept: twice the largest validator set (1,024), so that an epoch change keeps both sets. */
export const MAX_CACHED_PUBLIC_KEYS = 2048;

/** Proofs of possession known to be good: as many as keys. Sets are read anew with each epoch and mostly stay the same. */
export const MAX_REMEMBERED_POSSESSIONS = 2048;

/** Parsed BLS secret keys kept: a process runs one validator, a devnet at most a full set of 1,024. */
export const MAX_CACHED_SECRET_KEYS = 1024;
