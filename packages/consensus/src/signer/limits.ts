/**
 * Positions (views or heights) below the highest one of a slot at which the signer still signs. A store may drop
 * records further down, so the signer refuses there. Honest nodes never get near: votes are taken from 10 views below
 * the finalized one, and a block that is not final has far fewer unfinal ancestors.
 */
export const SIGNER_WINDOW_POSITIONS = 1_024n;

/** Form of the export file; another one is not read. */
export const INTERCHANGE_FORMAT_VERSION = '1';

/** Views, heights and epochs are u64 on the wire. */
export const MAX_INTERCHANGE_NUMBER = 0xffffffffffffffffn;
