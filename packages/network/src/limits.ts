import { MAX_CHUNK_BYTES as LARGEST_CHUNK_BYTES } from '@heddle/types';

const KIB = 1_024;
const MIB = 1_024 * KIB;

/**
 * Largest payload of any message. A full chunk is below 8 MiB (60 Mgas at 10 gas a byte of calldata, EIP-7623, and its
 * access list); a block with the chunks of several shards has to fit for catch-up.
 */
export const MAX_PAYLOAD_BYTES: number = 32 * MIB;

/** The envelope around a payload: a two-entry map, two field names, a kind of at most 31 characters, three headers. */
export const MAX_ENVELOPE_OVERHEAD_BYTES = 64;

/** Largest message that a transport takes. */
export const MAX_MESSAGE_BYTES: number = MAX_PAYLOAD_BYTES + MAX_ENVELOPE_OVERHEAD_BYTES;

/** Votes and certificates: a tuple (130 B), a bitmap (128 B at n = 1,024), a signature (192 B), RLP headers. */
export const MAX_VOTE_BYTES: number = 1 * KIB;

/** Requests: one hash or two numbers. */
export const MAX_REQUEST_BYTES = 64;

/** A block header, 64 chunk headers with certificates and placements, and a certificate per skipped view. */
export const MAX_PROPOSAL_BYTES: number = 4 * MIB;

/** Evidence of a bad justification holds the certificates of a proposal; every other kind has under 4 KiB. */
export const MAX_EVIDENCE_BYTES: number = 4 * MIB;

/** One chunk with its body: a rule of validity, which types has. */
export const MAX_CHUNK_BYTES: number = LARGEST_CHUNK_BYTES;

/** One gossip message of transactions; the pool takes up to 128 KiB per transaction. */
export const MAX_TRANSACTIONS_BYTES: number = 1 * MIB;

/** Transactions in one message: a plain transfer has about 110 bytes. */
export const MAX_TRANSACTIONS_PER_MESSAGE = 8_192;

/** A whole pool, as far as it fits: the rest comes by gossip. */
export const MAX_POOL_RESPONSE_BYTES: number = 8 * MIB;

/** Transactions of a pool response. */
export const MAX_POOL_RESPONSE_TRANSACTIONS = 65_536;

/** Blocks of one range request: enough to hide the round trip, few enough to serve in one go. */
export const MAX_RANGE_BLOCKS = 128n;

/** Messages that wait on one stream (peer and protocol or topic). A flood on one stream leaves the others alone. */
export const MAX_QUEUED_MESSAGES = 4_096;

/** Bytes that wait on one stream: two of the largest messages. */
export const MAX_QUEUED_BYTES: number = 2 * MAX_MESSAGE_BYTES;

/** Requests to one peer that wait for their answers. */
export const MAX_PENDING_REQUESTS_PER_PEER = 256;

/** Requests of one peer that are being answered. The same, so that an honest peer is never refused. */
export const MAX_SERVED_REQUESTS_PER_PEER = 256;

/** Gossip messages remembered against duplicates, per half window. */
export const MAX_SEEN_MESSAGES = 16_384;

/**
 * A gossip message is remembered for one to two of these. Long enough for copies by different ways, shorter than the
 * retry interval of consensus (1.5 Δ): what is published again on purpose must get through.
 */
export const SEEN_WINDOW_MS = 300;
