/** Validators that run in one process: each keeps its own chain and signs every block. */
export const MAX_DEVNET_VALIDATORS = 100;

/** Shard numbers fit six bits of the directory's future (protocol limit). */
export const MAX_SHARDS = 64;

/** Derived and shown; more is a load test's own business. */
export const MAX_DEVNET_ACCOUNTS = 1_000;

/** Accounts that the banner lists; the ready line has all. */
export const MAX_BANNER_ACCOUNTS = 20;

/** ETH an account: the sum over all accounts stays far below 2^128 wei. */
export const MAX_BALANCE_ETHER = 1_000_000_000_000n;

/** EIP-2294 allows more; wallets keep chain ids in a JavaScript number. */
export const MAX_CHAIN_ID: number = Number.MAX_SAFE_INTEGER;

/** Least gas limit of a block: the section has to hold any one transaction (EIP-7825). */
export const MIN_GAS_LIMIT = 16_777_216;

/** The protocol's limit of one chunk: what is in it has to fit into one message. */
export const MAX_GAS_LIMIT = 80_000_000;

/** A million ETH for a unit of gas: no sum of fees comes near what a word holds. */
export const MAX_BASE_FEE_WEI: bigint = 10n ** 24n;

/** The end of the year 9999: dates beyond it are no dates in many programs. */
export const MAX_TIMESTAMP_SECONDS = 253_402_300_799n;

/** Between two blocks that are made by the clock: a day; longer is a slip of a unit. */
export const MAX_INTERVAL_SECONDS = 86_400;

/** A file to begin with (genesis or state), read as a whole; inflated, if it is compressed. */
export const MAX_STATE_FILE_BYTES: number = 512 * 1024 * 1024;

/** An hour: a longer pause between blocks is a mistaken unit. */
export const MAX_BLOCK_TIME_MS = 3_600_000;

/** Worker threads: more than any machine that runs a devnet has cores. */
export const MAX_LANES = 64;

/** A chunk of more work than a minute is a mistaken unit. */
export const MAX_LANE_THRESHOLD_MICROSECONDS = 60_000_000;

/** Megabytes that a validator's caches of state can share, LevelDB's own included. */
export const MIN_CACHE_MB = 4;

/** Above it LevelDB's part no longer fits into the 32 bits that it is passed in. */
export const MAX_CACHE_MB = 16_384;

/** Terminals and npm deliver one Ctrl-C twice; within this it counts once. */
export const REPEATED_SIGNAL_MS = 500;

/** An ordered stop takes well under two seconds; after this the process ends without it. Final state is on disk. */
export const STOP_LIMIT_MS = 5_000;

/** Between two looks at whether the data directory is still there: some twenty file names, and no more is lost than this. */
export const DIRECTORY_CHECK_MS = 2_000;

/** Parameters of one function, or of one struct: Solidity's stack holds fewer. */
export const MAX_ABI_FIELDS = 256;

/** Structs and arrays in one another: deeper types are no compiler's. */
export const MAX_ABI_TYPE_DEPTH = 16;

/** Values of one call or error: a line shows far fewer, and offsets can point to the same bytes again and again. */
export const MAX_ABI_VALUES = 1_000;

/** Functions of one selector that are tried: collisions are rare, and each costs a decoding. */
export const MAX_ABI_CANDIDATES = 4;

/** Characters of a call with its arguments in the log: a line that a screen still shows. */
export const MAX_SHOWN_CALL_CHARACTERS = 240;

/** Bytes of one value in the log; how many there are is said behind them. */
export const MAX_SHOWN_BYTES = 32;

/** Bytes of one call to the console that are decoded: longer texts are not read on a terminal. */
export const MAX_CONSOLE_BYTES = 65_536;

/** Characters of one console.log that are shown. */
export const MAX_CONSOLE_CHARACTERS = 8_192;

/** JSON files of --abi: large projects have a few hundred artifacts. */
export const MAX_ABI_FILES = 5_000;

/** One file of --abi: what is larger is no artifact, and parsing it would hold the event loop up. */
export const MAX_ABI_FILE_BYTES: number = 4 * 1024 * 1024;

/** All files of --abi together: what reading at the start and again may cost. */
export const MAX_ABI_TOTAL_BYTES: number = 256 * 1024 * 1024;

/** Functions and errors of --abi that are kept: some 20 MB. */
export const MAX_ABI_SIGNATURES = 50_000;

/** Folders in one another of --abi; links are not followed. */
export const MAX_ABI_DEPTH = 16;

/** Least time between two looks at what has changed in --abi. */
export const ABI_RESCAN_MS = 2_000;

/** Transactions and calls that get lines of their own in LINE_SPAN_MS: more than anybody reads, and some 5 ms of work. */
export const MAX_LINES_A_SPAN = 40;
export const LINE_SPAN_MS = 1_000;

/** How long a line waits for what is found by executing its transaction again: later it is printed without. */
export const INSIGHT_WAIT_MS = 10_000;

/** Lines that one transaction or call logs through console.sol; a loop may log thousands. */
export const MAX_CONSOLE_LINES = 100;

/** Characters of a revert's reason: the whole is in what RPC answers. */
export const MAX_SHOWN_REASON_CHARACTERS = 240;

/** Output that nobody reads (a pipe whose reader is busy): beyond it transactions are only counted. */
export const MAX_UNWRITTEN_BYTES = 262_144;

/** Accounts whose shards the line of a transaction of the section names: each is looked up on every shard. */
export const MAX_PLACED_ACCOUNTS = 16;

/** A config file: some twenty settings, and lists of addresses. */
export const MAX_CONFIG_BYTES = 262_144;

/** Between two looks at the validators of a network: what a person follows without being flooded. */
export const NETWORK_STATUS_MS = 10_000;

/** What a validator that is asked for its height may take. */
export const STATUS_ANSWER_MS = 3_000;

/** Prometheus, a load balancer and a person with curl; each scrape takes some milliseconds. */
export const MAX_METRICS_CONNECTIONS = 32;

/** What a scraper may take to send its request, which is one line, milliseconds. */
export const METRICS_TIMEOUT_MS = 5_000;

/** Kinds of messages that are counted apart: a node has some twenty, and peers can make up names. */
export const MAX_METRIC_CHANNELS = 64;

/** What bootnodes may take to answer after a start, or when all peers are gone: those of a small network may restart too. */
export const BOOTNODE_PATIENCE_MS = 10_000;

/** Between two lines that say that no bootnode is within reach. */
export const BOOTNODE_REMINDER_MS = 600_000;

/** What `heddle doctor` waits for bootnodes: a dial takes 10 s at most, and one more round of dials is of use. */
export const DOCTOR_PATIENCE_MS = 12_000;

/** Free disk below which a node stops soon, and below which its operator should look, bytes. A day at full load takes some GB. */
export const LITTLE_DISK_BYTES: number = 1024 ** 3;
export const TIGHT_DISK_BYTES: number = 10 * 1024 ** 3;

/** What a node takes beside its caches, bytes: heap, threads of lanes and of the store. */
export const NODE_MEMORY_BYTES: number = 1024 ** 3;

/** Of an answer to `heddle status`: that of a network with all shards and a thousand validators is smaller. */
export const MAX_STATUS_BYTES: number = 1024 * 1024;

/** What is kept of peers: some 300 KiB at most, and as much again for what a person writes into it. */
export const MAX_PEER_FILE_BYTES: number = 1024 * 1024;

/** How often a line that tells of progress is written anew: fast enough for the eye, and no work. */
export const PROGRESS_LINE_MS = 200;
