import { MAX_CHUNK_BYTES } from '@heddle/types';

const KIB = 1_024;
const MIB = 1_024 * KIB;

/** Longest RLP header of what fits a message: one byte and a length of four. */
export const RLP_HEADER_BYTES = 5;

/** A chunk as an answer: the largest one that was sent first-hand can be fetched as well. */
export const MAX_CHUNK_RESPONSE_BYTES: number = MAX_CHUNK_BYTES + 2 * RLP_HEADER_BYTES;

/** The envelope around a payload: a two-entry map, two field names, a kind of at most 31 characters, three headers. */
export const MAX_ENVELOPE_OVERHEAD_BYTES = 64;

/** Largest message that a transport takes: what holds a chunk. Everything that may have more is cut into pieces. */
export const MAX_MESSAGE_BYTES: number = MAX_CHUNK_RESPONSE_BYTES + MAX_ENVELOPE_OVERHEAD_BYTES;

/** Votes and certificates: a tuple (130 B), a bitmap (128 B at n = 1,024), a signature (192 B), RLP headers. */
export const MAX_VOTE_BYTES: number = 1 * KIB;

/** Requests: one hash or two numbers. */
export const MAX_REQUEST_BYTES = 64;

/**
 * At 64 shards and n = 1,024: chunk headers with certificates (0.12 MiB), a section with its header (1 MiB of transactions
 * and 7 KiB), and a certificate of some 260 bytes for every skipped view: the 4,096 views that the engine remembers
 * take 1 MiB. More than 8,000 views in a row without a block, days at the longest timeout, would not fit beside a full section.
 */
export const MAX_PROPOSAL_BYTES: number = 4 * MIB;

/**
 * Evidence of a bad justification holds the certificates of a proposal, which may be as many as its leader likes: each
 * has two more bytes here than there, and no certificate has less than 64. Every other kind has under 4 KiB.
 */
export const MAX_EVIDENCE_BYTES: number = MAX_PROPOSAL_BYTES + MAX_PROPOSAL_BYTES / 32;

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

/**
 * A range of blocks: the largest block always fits, with some chunks. What does not fit is asked for by its hash, so
 * little is lost by a small limit, and the memory and time of both sides follow it.
 */
export const MAX_RANGE_BYTES: number = 8 * MIB;

/** Headers of one request, at some 620 bytes each: for following links, without the blocks' chunks and certificates. */
export const MAX_RANGE_HEADERS = 512n;

/** An answer of headers: 1 KiB each. */
export const MAX_HEADERS_BYTES: number = Number(MAX_RANGE_HEADERS) * KIB;

/**
 * What a frame may be told to take, milliseconds: several times what a request waits for its answer. Beyond it nothing is shown
 * that a partition does not show, and what is on the way would only fill the streams' queues.
 */
export const MAX_LATENCY_MS = 10_000;

/**
 * Messages that wait on one stream (peer and protocol or topic), for their turn or until their latency has passed. A flood on
 * one stream leaves the others alone.
 */
export const MAX_QUEUED_MESSAGES = 4_096;

/** Bytes that wait on one stream: two of the largest messages. */
export const MAX_QUEUED_BYTES: number = 2 * MAX_MESSAGE_BYTES;

/** Requests to one peer that wait for their answers: a node asks for a block's chunks, one a shard, at the most. */
export const MAX_PENDING_REQUESTS_PER_PEER = 64;

/** Requests of one peer that are being answered. The same, so that an honest peer is never refused. */
export const MAX_SERVED_REQUESTS_PER_PEER = 64;

/** Answers on the way to all peers: who asks beyond it is told to ask another. One peer has `MAX_QUEUED_BYTES` at most. */
export const MAX_ANSWER_BYTES: number = 256 * MIB;

/** Gossip messages remembered against duplicates, per half window. */
export const MAX_SEEN_MESSAGES = 16_384;

/**
 * A gossip message is remembered for one to two of these. Long enough for copies by different ways, shorter than the
 * retry interval of consensus (1.5 Δ): what is published again on purpose must get through.
 */
export const SEEN_WINDOW_MS = 300;
