import type { ValidatorIndex } from '@heddle/types';

/**
 * Answers an `aggregate` effect: what a quorum's signatures became, verified as a whole, or whose signatures are bad (at
 * least one, ascending).
 */
export type Aggregation<C> =
  | { readonly ok: true; readonly certificate: C }
  | { readonly ok: false; readonly badSigners: readonly ValidatorIndex[] };
