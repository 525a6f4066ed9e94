import { RING_PLACES } from '../limits.ts';
import { TRANSACTION_GAS } from '../transaction/intrinsic-gas.ts';

/** Heights that EIP-2935 and EIP-4788 remember; older ones would be overwritten, so their calls are skipped. */
export const HISTORY_WINDOW: bigint = RING_PLACES;

/** Part of the chunk gas limit that deliveries may take: the rest stays for the shard's own transactions. */
export const DELIVERY_BUDGET_NUMERATOR = 3n;
export const DELIVERY_BUDGET_DENOMINATOR = 4n;

/** A message weighs at most the chunk gas limit divided by this, so that two always fit where one must. */
export const MAX_MESSAGE_WEIGHT_DIVISOR = 2n;

/**
 * A queue of this many chunk gas limits is full. It takes some six chunks to deliver: longer ones only make transactions
 * wait where nobody can replace them. With eight shards or less each source's part is a maximal message at least.
 */
export const FULL_QUEUE_CHUNKS = 4n;

/** Heights without a chunk that fill a queue by themselves: who is down for longer gets no more work. */
export const MISSED_HEIGHTS_TO_FULL = 5n;

/** Part of the gas that was forwarded and not used that burns: nobody reserves a shard for free. */
export const UNUSED_GAS_BURN_DIVISOR = 16n;

/** A shard that missed m heights gets its budgets divided by 2^min(m, this). */
export const MAX_BACKOFF_EXPONENT = 6n;

/** Gas of the cheapest transaction: with less left in a chunk, a producer stops looking. */
export const CHEAPEST_TRANSACTION_GAS: bigint = BigInt(TRANSACTION_GAS);

/** Attempts that turned out to touch another shard may waste this part of a chunk's gas target. */
export const WASTED_GAS_DIVISOR = 8n;

/** EIP-1559: the gas target is the limit divided by this. */
export const ELASTICITY_MULTIPLIER = 2n;

/** EIP-1559: the base fee moves by at most one part in this. */
export const BASE_FEE_MAX_CHANGE_DENOMINATOR = 8n;
