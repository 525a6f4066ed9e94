/** Before the bytes of a hexadecimal text that has no number yet. */
export const NEW_HEX = 0xffff_ffff;

/** A message's worth of transfers; a writer grows beyond. */
export const INITIAL_RECORD_BYTES: number = 256 * 1024;
