/** Words on a frame's stack (yellow paper). */
export const STACK_LIMIT = 1024;

/** Frames below the outermost one (yellow paper). */
export const CALL_DEPTH_LIMIT = 1024;

/** Bytes of a contract's code (EIP-170). */
export const MAX_CODE_SIZE = 24_576;

/** Bytes of init code (EIP-3860). */
export const MAX_INIT_CODE_SIZE: number = 2 * MAX_CODE_SIZE;

/** Gas of one transaction (EIP-7825). */
export const MAX_TRANSACTION_GAS = 16_777_216;

/** Nonces end below this (EIP-2681). */
export const MAX_NONCE: bigint = 2n ** 64n - 1n;

/**
 * Bytes of memory that gas can ever pay for: 2^31 bytes cost 8.8·10^12 gas, above every gas limit in use. Keeps the cost
 * formula exact in a number; whatever asks for more is out of gas.
 */
export const MAX_MEMORY_BYTES: number = 2 ** 31;

/** Codes whose jump destinations are remembered; 4,096 bitmaps of 3 KiB are 12 MiB. The oldest go first. */
export const JUMP_TABLE_CACHE_ENTRIES = 4_096;

/** Gas of a system call (EIP-2935, EIP-4788). */
export const SYSTEM_CALL_GAS = 30_000_000;
