/**
 * Gas that the execution of a call may use on the spot, beside its intrinsic gas: a token's balance through a proxy takes 9,000.
 * That is 0.05 ms of most code, and 0.6 ms of what is dearest for its gas (MULMOD and SDIV of whole words).
 */
export const SHORT_CALL_GAS = 12_000;

/** Block hashes that one may read: each is a read of the disk for 20 gas. Usual code asks for one, if any. */
export const MAX_SHORT_BLOCK_HASHES = 8;

/** Longer data is not looked at on the spot, bytes: to copy and to hash it is cheap in gas. */
export const MAX_SHORT_DATA_BYTES = 4_096;

/** Functions that are remembered as too much, some 150 bytes each. */
export const HEAVY_CALLS = 1_024;

/** After a call was tried in vain so many of its like are not tried: in vain is then at most one of 65. */
export const HEAVY_REST = 64;

/** So many in a row in vain, whatever was called: somebody varies them, and for `HEAVY_REST` calls none is tried. */
export const MAX_IN_VAIN = 8;

/** What is remembered of accounts and slots for calls on the spot, bytes. */
export const SHORT_STATE_BYTES: number = 8 * 1024 * 1024;

/** What is remembered of code, bytes: a hundred contracts of full size. */
export const SHORT_CODE_BYTES: number = 4 * 1024 * 1024;
