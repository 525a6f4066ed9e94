/**
 * Positions (views or heights) below the highest one of a slot at which the signer still signs. A store may drop
 * records further down, so the signer refuses there. Honest nodes never get near: votes are taken from 10 views below
 * the finalized one, and a block that is not final has far fewer unfinal ancestors.
 */
export const SIGNER_WINDOW_POSITIONS = 1_024n;

/**
 * Epochs below the highest one signed in that the signer still signs in. Nothing of an epoch is asked for once the next
 * one's first block is final, so a store may drop the records of all before; the signer refuses there.
 */
export const SIGNER_WINDOW_EPOCHS = 1n;

/** Form of the export file; another one is not read. */
export const INTERCHANGE_FORMAT_VERSION = '1';

/** Views, heights and epochs are u64 on the wire. */
export const MAX_INTERCHANGE_NUMBER = 0xffffffffffffffffn;
