/** View records of one engine in any run here: none lasts long enough to come near the engine's own limit of 4,096. */
export const MAX_VIEWS_PER_ENGINE = 512;

/** Unanswered effects of one engine: some checks a peer, and a handful of its own. */
export const MAX_REQUESTS_PER_ENGINE = 2_048;

/** Largest set in which an accuser tries everything that was said as evidence: for 128 that takes minutes a seed. */
export const MAX_SEARCHED_VALIDATORS = 16;
