/** An EIP-2335 keystore has some 900 bytes; a long description or path of others' still fits. */
export const MAX_KEYSTORE_BYTES = 65_536;

/** A password file: far more than anybody types, and no file that was named by mistake. */
export const MAX_PASSWORD_BYTES = 1_024;

/** What EIP-2335's ETH2 launchpad asks for, too. */
export const MIN_PASSWORD_CHARACTERS = 8;

/** The protobuf form of an ed25519 key has 68 bytes. */
export const MAX_NETWORK_KEY_BYTES = 256;

/** Of a password that is made: 192 bits, which no search finds, whatever the key derivation costs. */
export const PASSWORD_RANDOM_BYTES = 24;

/**
 * Work of a keystore's key derivation that is done at most: scrypt's memory is 128·n·r bytes, so this is 1 GiB, four times
 * what EIP-2335 uses. A file from elsewhere could otherwise hold the process up for ever.
 */
export const MAX_SCRYPT_BLOCKS = 8_388_608;

/** Iterations of PBKDF2: forty times what EIP-2335 uses. */
export const MAX_PBKDF2_ITERATIONS = 10_000_000;

/** Files of one keystore folder that are looked at: more than anybody's validators. */
export const MAX_LISTED_KEYSTORES = 10_000;
