/** Largest HTTP body and WebSocket message, bytes. The same as geth's. */
export const MAX_REQUEST_BYTES: number = 5 * 1024 * 1024;

/** How much of an oversized body is read and thrown away so that the client gets to read the refusal, bytes. */
export const MAX_DISCARDED_BYTES: number = 8 * MAX_REQUEST_BYTES;

/** Requests in one batch. Geth's figure; clients split at it. */
export const MAX_BATCH_ITEMS = 1_000;

/**
 * From when work on a batch begins; what is left of it then is refused, milliseconds. A thousand reads take less than a
 * second, and two calls that use their whole time (5 s) fit; more of those would hold up others.
 */
export const MAX_BATCH_MS = 10_000;

/** Characters of one answer, a batch's answers together. Geth's figure. */
export const MAX_RESPONSE_LENGTH = 25_000_000;

/** One message is worked on for this long before other connections get their turn, milliseconds. */
export const SLICE_MS = 8;

/**
 * Gas of one eth_call: bounds the time that a read can take. Geth's figure; a simulated call may well be larger than any
 * transaction.
 */
export const CALL_GAS_CAP = 50_000_000n;

/** Blocks that one log query may span. A full scan of them reads that many blooms. */
export const MAX_LOG_BLOCKS = 100_000n;

/** Logs of one answer: about 12 MB of JSON. */
export const MAX_LOGS = 20_000;

/** Alternatives at one topic position, and addresses of one filter. Geth's figure. */
export const MAX_ALTERNATIVES = 1_000;

/** A filter that is not polled for this long is forgotten, milliseconds. Geth's figure; clients poll every few seconds. */
export const FILTER_LIFE_MS: number = 5 * 60 * 1000;

/** Filters that live at once: each holds its criteria, and up to MAX_PENDING_HASHES hashes. */
export const MAX_FILTERS = 1_000;

/** Hashes that a pending-transaction filter keeps between two polls; the oldest go first. */
export const MAX_PENDING_HASHES = 10_000;

/** Subscriptions of one WebSocket connection. An app with a component per event stays far below. */
export const MAX_SUBSCRIPTIONS_PER_CONNECTION = 128;

/** Subscriptions of all connections: each is looked at for every block. */
export const MAX_SUBSCRIPTIONS = 10_000;

/** TCP connections, WebSockets included. */
export const MAX_CONNECTIONS = 2_048;

/** Messages of one WebSocket that are worked on at once; the rest waits in the socket. */
export const MAX_IN_FLIGHT_PER_CONNECTION = 16;

/** Answers of one WebSocket that are held back at once: a script's burst of sends, each answered when it is executed. */
export const MAX_HELD_PER_CONNECTION = 1_024;

/** While more than this is waiting to be read by a client, its next requests wait too, bytes. */
export const OUTGOING_PAUSE_BYTES: number = 4 * 1024 * 1024;

/** A client that leaves more than this unread is cut off, bytes. Holds one answer of full size and some. */
export const MAX_OUTGOING_BYTES: number = 32 * 1024 * 1024;

/** How long a slow reader has to fetch the reason for its being cut off, milliseconds. */
export const CLOSE_GRACE_MS = 3_000;

/** Time between two pings of a WebSocket; one unanswered ping ends it, milliseconds. */
export const PING_INTERVAL_MS = 30_000;

/** A client has this long to send a whole request, milliseconds (slow-loris). */
export const REQUEST_TIMEOUT_MS = 30_000;

/** So often within that time Node looks for requests that take too long. */
export const REQUEST_CHECKS = 15;

/** An idle HTTP connection is kept this long, milliseconds: longer than the 60 s of usual proxies. */
export const KEEP_ALIVE_MS = 65_000;

/** After this, stop() cuts what is still open, milliseconds. */
export const STOP_GRACE_MS = 500;

/** Blocks of one eth_feeHistory. Geth's figure. */
export const MAX_FEE_HISTORY_BLOCKS = 1_024n;

/** Percentiles of one eth_feeHistory. Geth's figure. */
export const MAX_FEE_HISTORY_PERCENTILES = 100;

/** Blocks that the suggested tip is derived from. Geth's figure. */
export const TIP_SAMPLE_BLOCKS = 20n;

/** The percentile of the sampled tips that is suggested. Geth's figure. */
export const TIP_SAMPLE_PERCENTILE = 60;

/** Suggested tip when the sampled blocks hold no transaction, wei a gas: 1 gwei. */
export const IDLE_TIP = 1_000_000_000n;

/** Nesting of EIP-712 data. Deep enough for every real message, shallow enough for the stack. */
export const MAX_TYPED_DATA_DEPTH = 64;

/** Blocks of one evm_mine: a devnet makes some hundreds a second. */
export const MAX_MINED_BLOCKS = 10_000;

/** Blocks of one trace_filter: each of their transactions is executed again. reth's figure. */
export const MAX_TRACE_FILTER_BLOCKS = 100n;

/** Calls of one trace_callMany: they share the time of one call. */
export const MAX_TRACE_CALLS = 100;

/** Tracers of one muxTracer: there are not that many. */
export const MAX_MUX_TRACERS = 16;

/** Numbers of a trace address: frames are at most 1,024 deep (yellow paper). */
export const MAX_TRACE_DEPTH = 1_025;
