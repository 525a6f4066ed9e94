/** Encoded bytes of one transaction. geth's limit: enough for 48 KiB of init code, little enough to gossip. */
export const MAX_TRANSACTION_BYTES = 131_072;

/** Transactions of one sender. A script may queue a long run; one key must not fill the pool. */
export const MAX_SENDER_TRANSACTIONS = 1_024;

/** Transactions in all: some full blocks of transfers. */
export const MAX_POOL_TRANSACTIONS = 16_384;

/** Encoded bytes in all, so that big transactions do not multiply the limit above into gigabytes. */
export const MAX_POOL_BYTES = 67_108_864;

/**
 * How far a nonce may be ahead of the sender's next one, pooled transactions counted. A client that sends many at once
 * has them arrive in another order; a wallet that remembers a chain that was reset is usually further off.
 */
export const MAX_NONCES_AHEAD = 256n;

/** Percent by which a replacement has to raise both its fee cap and its tip. */
export const REPLACEMENT_BUMP_PERCENT = 10n;
