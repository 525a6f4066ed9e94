/** What a genesis file that does not say means. Part of the protocol: changing one changes genesis hashes. */

/** Wei: EIP-1559's initial base fee. */
export const DEFAULT_BASE_FEE_PER_GAS = 1_000_000_000n;

/** Gas of one chunk. */
export const DEFAULT_CHUNK_GAS_LIMIT = 30_000_000n;

/** L, blocks. An hour at half a second a block: short enough to replace a validator within the day. */
export const DEFAULT_EPOCH_LENGTH = 7_200;

/** Of a devnet, whose validators nobody replaces: the longest run of mined blocks (`MAX_RUN_BLOCKS`) fits between its marks. */
export const DEFAULT_DEVNET_EPOCH_LENGTH = 131_072;

/** consensus.md: Δ of the view timers. */
export const DEFAULT_DELTA_MS = 500;

/** protocol.md: chunk deadline D, on a devnet and elsewhere. */
export const DEFAULT_DEVNET_CHUNK_DEADLINE_MS = 100;
export const DEFAULT_CHUNK_DEADLINE_MS = 400;

/** consensus.md: heartbeat of an idle network; a devnet waits for ever (null). */
export const DEFAULT_MAX_IDLE_MS = 5000;
