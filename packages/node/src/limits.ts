/** Chunks held unchecked for one sender, each at most a chunk's size: two of every shard, and 64 shards there may be. */
export const MAX_HELD_CHUNKS_PER_SENDER = 128;

/** Blocks of one range request: bounds the answer's size and the time that a peer spends on it. */
export const MAX_RANGE_BLOCKS = 32;

/** Timestamps may run ahead of the local clock by this much (consensus.md, Time). */
export const MAX_CLOCK_AHEAD_MS = 500;

/** A chunk that is early by more is refused instead of held: no leader waits longer for one (8 s is its longest deadline). */
export const MAX_HOLD_MS = 8_000;

/**
 * Evidence kept against one validator: every kind there is. A validator can contradict itself in any number of views;
 * what comes after is neither checked nor passed on.
 */
export const MAX_EVIDENCE_PER_CULPRIT = 8;

/**
 * Bytes of evidence kept in all: a bad justification may have 4 MiB. The second half is for validators that nothing is
 * known against yet, so that some culprits can't hide the others behind a heap of evidence.
 */
export const MAX_EVIDENCE_POOL_BYTES: number = 64 * 1_024 * 1_024;

/**
 * Inputs of one peer that wait for the engine, by kind. Certificates: an answer to a full round of requests is 48.
 * Votes: a retry repeats 35 at most. Proposals are large, and a leader has one a view. Status and requests: one on
 * connecting, and a full round of 16. What does not fit is dropped; its sender says it again at its next retry.
 */
export const MAX_WAITING_CERTIFICATES = 128;
export const MAX_WAITING_VOTES = 256;
export const MAX_WAITING_PROPOSALS = 4;
export const MAX_WAITING_SYNC = 64;

/** Inputs stepped before their records are synced and their effects performed: bounds how long the event loop is held. */
export const MAX_BATCH_INPUTS = 256;

/** One request to a peer; after that another peer is asked. */
export const REQUEST_TIMEOUT_MS = 2_000;

/** Rounds over all peers before a fetch gives up: a peer may not have executed yet what another already proposes. */
export const FETCH_ROUNDS = 5;

/** Pause between two rounds over all peers. */
export const FETCH_PAUSE_MS = 50;

/** Own pending transactions are sent again this often while they wait: a peer may have been down. */
export const REBROADCAST_MS = 2_000;

/** Transactions of one gossip or pool answer message. */
export const MAX_TRANSACTIONS_PER_MESSAGE = 512;

/**
 * A parent that is not executed after this counts as work, and the view's timers run: shorter than the wait for chunks,
 * so that a leader that lags behind does not cost the view.
 */
export const PARENT_GRACE_MS = 50;

/** A parent that could not be fetched is asked for again after this long, while its view lasts. */
export const PARENT_RETRY_MS = 500;

/** A final block that no peer could supply is asked for again after this long, until it is there. */
export const CATCH_UP_RETRY_MS = 500;

/** Upper bound of a view's T (consensus.md: 16–30 s): after a long outage the first good view comes within this. */
export const VIEW_TIMEOUT_CAP_MS = 16_000;

/** Gas of one eth_call at most (expectations.md): bounds the time that a read can take. */
export const CALL_GAS_CAP = 50_000_000n;

/** EIP-7825: no transaction may declare more, so no estimate goes higher. */
export const TRANSACTION_GAS_CAP = 16_777_216n;

/**
 * A producer halves the gas that it fills a chunk up to with each height in a row that the shard missed, this often at
 * most (protocol.md, Blocks and chunks): what came too late comes smaller.
 */
export const MAX_GAS_TARGET_HALVINGS = 6;

/**
 * Missed heights in a row of a one-shard network's shard are counted up to this: when a store is opened each costs a read,
 * and D·1.5^64 is beyond any deadline. With several shards the last header says how many there are.
 */
export const MAX_COUNTED_MISSED_HEIGHTS = 64;

/** A send on a devnet is answered at the latest after this, executed or not: beyond it a client would think of a time-out. */
export const EXECUTION_WAIT_MS = 2_000;

/** Messages held of one peer for the next epoch: its first views' proposals, votes and chunks of all shards, some twice. */
export const MAX_EARLY_MESSAGES_PER_PEER = 256;

/** A peer of a newer epoch is asked again after this for the finalization that ends ours, while it goes on talking. */
export const TRANSITION_ASK_MS = 200;

/** An observer asks how a view has ended that it saw begin this long ago: most end within a second. */
export const OBSERVER_POLL_MS = 1_000;

/** Validator sets kept: the running epoch's, its neighbours', and those on branches. */
export const REMEMBERED_VALIDATOR_SETS = 8;

/** Signatures known to be good, at about 0.5 kB each (with 100 validators 10 kB): some blocks' worth of every kind. */
export const REMEMBERED_SIGNATURES = 2_048;

/**
 * Estimated work from which a chunk goes to the worker threads, µs. Below, it takes about as long to read its state into
 * a snapshot and to wake them as to execute it (execution.md, Lanes).
 */
export const LANE_THRESHOLD_MICROSECONDS = 10_000;

/** Reports about executed chunks that are kept, at about 0.5 kB each: the last minutes of a busy network. */
export const MAX_EXECUTION_REPORTS = 1_024;

/** Part of the chunk deadline that a producer fills: as much again goes to checking the chunk, and as much to the network. */
export const BUILD_SHARE: number = 1 / 3;

/** A chunk is never paced below this, gas: some transfers, so that a machine that stalled once finds its speed again. */
export const LEAST_PACED_GAS = 210_000n;

/**
 * Heights of a shard's last chunk by which it takes turns: as many in which a transaction that declares more than the
 * reduced gas target lets lighter ones go first, as many in which it does not.
 */
export const HEAVY_TURN_HEIGHTS = 16n;

/**
 * What leaders wait at the least for chunks that came late recently, in Δ: the proposal timer of the others is 2Δ, and the
 * rest of it is for making the block and for its way.
 */
export const PATIENCE_DELTAS = 1.5;

/** A chunk may take so much longer than the last one, and what is learned of late ones fades by so much with each. */
export const PATIENCE_MARGIN = 1.25;
export const PATIENCE_DECAY = 0.9;

/** Parents whose beginning is remembered to see how late chunks on them come. */
export const TIMED_PARENTS = 16;
