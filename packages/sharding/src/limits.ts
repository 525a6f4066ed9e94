/** Least weight of a delivery in gas: reading and writing one account and moving a cursor. */
export const MIN_MESSAGE_WEIGHT = 10_000n;

/** Weight of a Credit in gas: no code and no forwarding, since its target is an externally owned account. */
export const CREDIT_WEIGHT = 5_000n;

/** Weight of each byte that a message carries: Ethereum's price of a non-zero calldata byte. */
export const WEIGHT_PER_BYTE = 16n;

/** Accounts whose home or directory slot a rules object remembers. Hashing again is right, only slower. */
export const MAX_REMEMBERED_ADDRESSES = 65_536;
