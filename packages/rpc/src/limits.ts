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

/** Slots of one eth_getProof or eth_getStorageValues. Geth's figure; each is a walk down a trie. */
export const MAX_PROOF_KEYS = 1_024;

/** Characters of one answer, a batch's answers together. Geth's figure. */
export const MAX_RESPONSE_LENGTH = 25_000_000;

/** Long work runs for this long in one turn of the event loop, all messages together, milliseconds. */
export const SLICE_MS = 8;

/** A new message runs for this long before it counts as long work, milliseconds: most are answered by then. */
export const FIRST_SLICE_MS = 2;

/** A message longer than this is long work from the beginning, characters: parsing it alone takes a millisecond. */
export const LONG_MESSAGE_LENGTH = 100_000;

/**
 * Bytes of an answer that are handed to a socket at once: 25 MB there take a tenth of a second. Up to here an answer is made
 * into one string, which is quick as long as V8 allocates it among short-lived objects.
 */
export const WRITTEN_AT_ONCE: number = 128 * 1024;

/** Longer answers are in pieces until they are written; below, a string is cheaper than to look at pieces. */
export const SHORT_ANSWER_LENGTH = 1_024;

/** Buffers of WRITTEN_AT_ONCE that are kept to write long answers from: 8 MB, for as many clients at once. */
export const MAX_IDLE_BUFFERS = 64;

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

/**
 * How long a slow reader has to fetch the reason for its being cut off, milliseconds: it comes behind up to
 * MAX_OUTGOING_BYTES, which is 20 s over a line of 13 Mbit/s. They are in the room for answers until then.
 */
export const CLOSE_GRACE_MS = 20_000;

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

/** Tips of past transactions that are kept, some 100 bytes each: 1,024 blocks of 200, read again with every new head. */
export const MAX_CACHED_TIPS = 200_000;

/** Blocks that the suggested tip is derived from. Geth's figure. */
export const TIP_SAMPLE_BLOCKS = 20n;

/** The percentile of the sampled tips that is suggested. Geth's figure. */
export const TIP_SAMPLE_PERCENTILE = 60;

/** Suggested tip when the sampled blocks hold no transaction, wei a gas: 1 gwei. */
export const IDLE_TIP = 1_000_000_000n;

/** eth_sendRawTransactionSync waits this long when the client names no time, milliseconds. Geth's figure. */
export const DEFAULT_SEND_WAIT_MS = 20_000;

/** The longest that a client may let it wait, milliseconds. Geth's figure. */
export const MAX_SEND_WAIT_MS = 60_000;

/** Requests that wait for a transaction to be executed, of all connections: each is a timer and a promise. */
export const MAX_AWAITED_TRANSACTIONS = 10_000;

/** Bundles of calls (EIP-5792) whose status is remembered: the oldest that have ended go first. */
export const MAX_BUNDLES = 1_000;

/** Bundles that are being sent at once: each waits for a transaction. */
export const MAX_RUNNING_BUNDLES = 64;

/** Calls of one bundle: one transaction each, one after the other. */
export const MAX_BUNDLE_CALLS = 128;

/** Characters of a bundle's id. EIP-5792's figure, 4,096 bytes as hex. */
export const MAX_BUNDLE_ID_LENGTH = 8_194;

/** A bundle's call that is not executed in this time ends the bundle, milliseconds. */
export const BUNDLE_WAIT_MS: number = 5 * 60 * 1000;

/** Chains that one wallet_getCapabilities asks about. */
export const MAX_CHAIN_IDS = 1_000;

/** Blocks that one search of Otterscan's looks at, as many as a log query. */
export const MAX_SEARCH_BLOCKS = 100_000n;

/** Transactions of one page that Otterscan asks for; it asks for 25, or 1,000 at most. */
export const MAX_SEARCH_PAGE = 1_000;

/** Nesting of EIP-712 data. Deep enough for every real message, shallow enough for the stack. */
export const MAX_TYPED_DATA_DEPTH = 64;

/** Blocks of one evm_mine: some minutes on a network of four validators, and more where it has several shards. */
export const MAX_MINED_BLOCKS = 500_000n;

/** Blocks of one evm_mine_detailed: each is told as a whole. */
export const MAX_DETAILED_BLOCKS = 1_000n;

/** Slots that are tried to find out where a token keeps a balance: as many as a balance function reads, with room. */
export const MAX_PROBED_SLOTS = 64;

/**
 * Nesting of one message: EIP-712 data of MAX_TYPED_DATA_DEPTH inside of a request inside of a batch fits. Nothing else
 * that a client sends comes near.
 */
export const MAX_JSON_DEPTH = 96;

/**
 * Values in one message. A batch of 1,000 requests with 200 values each fits, and so do the 20,000 storage keys that the
 * gas cap pays for. The parser takes 15 to 30 ms for so many.
 */
export const MAX_JSON_VALUES = 200_000;

/**
 * Members of objects in one message: the dearest that there is to parse, up to 1.5 µs each where no two have the same name.
 * 16 of them for each request of a full batch, or a state override of 16,000 slots.
 */
export const MAX_JSON_KEYS = 16_384;

/**
 * Bytes of answers that are being built, or wait to be read, for all clients together. Ten answers of full size; with
 * the copies that are made on the way some 600 MB of memory, which every heap has beside a node's own.
 */
export const MAX_ANSWER_BYTES: number = 256 * 1024 * 1024;

/** Of these, what each connection may have without its being counted: clients that ask for little always get it. */
export const FREE_ANSWER_BYTES: number = 128 * 1024;

/** Bytes of requests that are being received or worked on, for all clients together: twelve bodies of full size. */
export const MAX_BODY_BYTES: number = 64 * 1024 * 1024;

/** Of these, what each connection may have without its being counted. */
export const FREE_BODY_BYTES: number = 64 * 1024;

/** Requests that are worked on at once, for all clients together: one for each connection. */
export const MAX_REQUESTS_AT_ONCE = 2_048;

/** Requests that one HTTP connection may have under way: browsers and libraries have one, benchmarks that pipeline a few. */
export const MAX_PIPELINED_REQUESTS = 16;

/**
 * A client has this long to read its HTTP answer, milliseconds, and a second more for every ANSWER_BYTES_PER_S of it;
 * then the connection is cut, and the memory is free again.
 */
export const ANSWER_TIMEOUT_MS = 30_000;

/** The slowest reader that is waited for: 2 Mbit/s. */
export const ANSWER_BYTES_PER_S: number = 256 * 1024;

/** What an item of an answer takes while it is built, bytes of JSON: a log, a transaction, a receipt without its logs. */
export const ITEM_BYTES = 1_024;

/** Blocks of one trace_filter: each of their transactions is executed again. reth's figure. */
export const MAX_TRACE_FILTER_BLOCKS = 100n;

/** Calls of one trace_callMany: they share the time of one call. */
export const MAX_TRACE_CALLS = 100;

/** Tracers of one muxTracer: there are not that many. */
export const MAX_MUX_TRACERS = 16;

/** Numbers of a trace address: frames are at most 1,024 deep (yellow paper). */
export const MAX_TRACE_DEPTH = 1_025;

/** Calls of one eth_simulateV1, in all blocks together: each has a transaction, a receipt and its place in an answer. */
export const MAX_SIMULATED_CALLS = 5_000;

/** Blocks of one debug_getModifiedAccounts: the access list of each is read. */
export const MAX_MODIFIED_BLOCKS = 100n;

/** JSON of logs that is kept to be shown again, bytes: some 50,000 logs of a token. */
export const MAX_LOG_TEXT_BYTES: number = 32 * 1024 * 1024;

/** What is counted for each kept log, and for each block, beside its text: entries of maps. */
export const LOG_TEXT_OVERHEAD_BYTES = 100;

/** Addresses and topics whose place in blooms is remembered, some 200 bytes each: more than ten queries of the largest kind. */
export const MAX_KNOWN_BLOOM_BITS = 10_000;
