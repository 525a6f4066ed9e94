/** Direct streams: consensus traffic, chunks with their endorsements, evidence: no kind waits for another. */
export const CONSENSUS_STREAM = '/heddle/consensus/1';
export const CHUNK_STREAM = '/heddle/chunks/1';
export const EVIDENCE_STREAM = '/heddle/evidence/1';

/** Gossip. */
export const TRANSACTION_TOPIC = '/heddle/transactions/1';

/** Request and response. */
export const FETCH_PROTOCOL = '/heddle/fetch/1';
