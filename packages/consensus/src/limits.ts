/** Votes this far below the highest finalized view are still kept: late ones are evidence, or a sign that their sender lags. */
export const VOTE_WINDOW_BELOW_FINALIZED = 10n;

/** Votes for the next view may arrive before the certificate that opens it; anything further is unbounded and refused. */
export const VOTE_WINDOW_ABOVE_CURRENT = 1n;

/** Proposals of one leader being verified at once: an honest leader has one, a second may follow while a slow check runs. */
export const MAX_PROPOSAL_CHECKS_PER_PEER = 2;

/** Certificates of one peer being verified at once: an answer to a full round of gap requests, three certificates a view. */
export const MAX_CERTIFICATE_CHECKS_PER_PEER = 48;

/** Equal certificates being verified at once: more than one, so that a forged copy can't shut out the good one. */
export const MAX_CHECKS_PER_CERTIFICATE = 2;

/** Views asked for in one round when certificates are missing below the current view; the retry timer asks again. */
export const MAX_GAP_REQUESTS = 16;

/** Own finalize votes of unfinalized views sent again by one retry, the highest first: one finalization settles all below. */
export const MAX_FINALIZE_REBROADCASTS = 32;

/** Views between floors in the journal: a floor rewrites what is still needed, so it must not come with every block. */
export const FLOOR_INTERVAL_VIEWS = 64n;

/**
 * View records above the finalized view before those below the highest notarized view are dropped. What remains above
 * it (nullifications that the next proposal has to carry) grows by one small certificate per capped timeout.
 */
export const MAX_UNFINALIZED_VIEWS = 4096;

/** Timeouts grow by this factor with each view in a row that was skipped (T = Δ·1.5^k). */
export const BACKOFF_FACTOR = 1.5;

/** In units of T: no proposal by then → nullify; no certificate by then → nullify; resend own messages. */
export const PROPOSAL_TIMEOUT_FACTOR = 2;
export const NOTARIZATION_TIMEOUT_FACTOR = 3;
export const RETRY_FACTOR = 1.5;
