import type { ByteLimits } from './peers/byte-budget.ts';

const KIB = 1_024;
const MIB = 1_024 * KIB;

/**
 * Bytes of chunks that wait to be executed. Of one sender: two of the largest that the wire takes. In all: some of the
 * largest; with 100 validators everyone has its 2.5 MiB, whatever the others do, where a chunk has 0.1 to 1 MiB.
 */
export const HELD_CHUNK_BYTES: ByteLimits = { perSender: 32 * MIB, total: 256 * MIB };

/**
 * Chunks held and executed for one shard and height, on whatever parents: views that follow one another may disagree on
 * the parent a few times. More are not heard, signed as they may be.
 */
export const MAX_CHUNKS_PER_HEIGHT = 16;

/**
 * What all fetches under way may bring in, by the most that their answers can have: 16 chunks at once, so that 64 shards
 * that lack theirs take four rounds.
 */
export const MAX_FETCHED_BYTES: number = 256 * 1_024 * 1_024;

/** Blocks read for an answer of headers before the event loop has its turn: at 64 shards one takes up to 1 ms. */
export const MAX_HEADERS_READ = 16;

/**
 * Missing ancestors of a block that are fetched with it. More of them are a gap, which is catch-up's: it commits each
 * block before it takes up the next.
 */
export const MAX_MISSING_ANCESTORS = 4;

/**
 * Missing ancestors taken up when nothing above our head is final anywhere, so that there is nothing to catch up with:
 * the others hold them in memory as well. As many as the views that the engine remembers above the final one.
 */
export const MAX_UNFINAL_ANCESTORS = 4_096;

/** Blocks that are fetched with their ancestors at once: those of the last views, and of proposals. */
export const MAX_ENSURED_BLOCKS = 8;

/** Hashes of a gap held at once, and the distance of the points from which they can be found again. */
export const SEGMENT_BLOCKS = 1_024;

/**
 * Blocks that one range request asks for, of those that network allows: bounds the answer's size and the time that a peer
 * spends on it.
 */
export const REQUESTED_RANGE_BLOCKS = 32;

/**
 * Ranges that are on their way or wait for their turn while a node catches up, MAX_RANGE_BYTES each: enough for every peer of a
 * small network to be asked, and for an answer to be there when the one before has been executed.
 */
export const PREFETCHED_RANGES = 4;

/** Between two lines that say how far a node is with fetching blocks. */
export const PROGRESS_MS = 5_000;

/** Blocked peers remembered, at some 300 bytes each: far more than validators, and whoever makes up keys pays for each. */
export const MAX_BLOCKED_PEERS = 4_096;

/** Timestamps may run ahead of the local clock by this much (consensus.md, Time). */
export const MAX_CLOCK_AHEAD_MS = 500;

/** A chunk that is early by more is refused instead of held: no leader waits longer for one (8 s is its longest deadline). */
export const MAX_HOLD_MS = 8_000;

/** A validator's wall clock is asked for this often: a clock that runs away is noticed before gossip of it is ignored. */
export const CLOCK_ROUND_MS = 60_000;

/** An answer that takes longer says too little about the time. */
export const CLOCK_ANSWER_MS = 5_000;

/** A chunk that waits for its time is looked at again after this at the latest: clocks are set, and then nothing shall wait. */
export const EARLY_RECHECK_MS = 1_000;

/**
 * Evidence kept against one validator: every kind there is. A validator can contradict itself in any number of views;
 * what comes after is neither checked nor passed on.
 */
export const MAX_EVIDENCE_PER_CULPRIT = 8;

/**
 * Bytes of evidence kept in all: a bad justification may have 4 MiB. The second half is for validators that nothing is
 * known against yet, so that some culprits can't hide the others behind a heap of evidence.
 */
export const MAX_EVIDENCE_POOL_BYTES: number = 64 * MIB;

/**
 * Inputs of one peer that wait for the engine, by kind. Certificates: an answer to a full round of requests is 48.
 * Votes: a retry repeats 35 at most. Proposals are large, and a leader has one a view. Status and requests: one on
 * connecting, and a full round of 16. What does not fit is dropped; its sender says it again at its next retry.
 */
export const MAX_WAITING_CERTIFICATES = 128;
export const MAX_WAITING_VOTES = 256;
export const MAX_WAITING_PROPOSALS = 4;
export const MAX_WAITING_SYNC = 64;

/**
 * Bytes of proposals that wait for the engine. Of one peer: one of the largest that the wire takes (4 MiB) and what comes
 * with it. In all: with 100 validators everyone has its 0.6 MiB, and a proposal of 64 shards has 0.1 MiB and
 * what its section holds.
 */
export const WAITING_PROPOSAL_BYTES: ByteLimits = { perSender: 5 * MIB, total: 64 * MIB };

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

/**
 * Own pending transactions sent again in one go, in their turn: some messages' worth, so that a full pool (64 MiB) does not
 * fill every peer's stream each time.
 */
export const MAX_REBROADCAST_BYTES: number = 4 * 1_024 * 1_024;

/** Transactions of peers read in one turn of the event loop: recovering one sender takes some 0.2 ms. */
export const MAX_READ_TRANSACTIONS = 64;

/**
 * Bytes of one peer's transactions that wait to be read: an answer with a whole pool, or some messages. All unconnected
 * authors of gossip count as one peer.
 */
export const MAX_UNREAD_TRANSACTION_BYTES: number = 8 * 1_024 * 1_024;

/** Transactions that one gossip message takes along, of those that network allows. */
export const GOSSIPED_TRANSACTIONS = 512;

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

/**
 * Missed heights in a row of a one-shard network's shard are counted up to this: when a store is opened each costs a read,
 * and D·1.5^64 is beyond any deadline. With several shards the last header says how many there are.
 */
export const MAX_COUNTED_MISSED_HEIGHTS = 64;

/** A send on a devnet is answered at the latest after this, executed or not: beyond it a client would think of a time-out. */
export const EXECUTION_WAIT_MS = 2_000;

/**
 * Bytes held of the next epoch's members until it begins here: a few views' votes and certificates, a proposal, small
 * chunks. What is larger is fetched or comes again.
 */
export const EARLY_MESSAGE_BYTES: ByteLimits = { perSender: MIB, total: 32 * MIB };

/** What holding a message costs beside its payload. */
export const EARLY_MESSAGE_OVERHEAD_BYTES: number = KIB;

/** A peer of a newer epoch is asked again after this for the finalization that ends ours, while it goes on talking. */
export const TRANSITION_ASK_MS = 200;

/** An observer asks how a view has ended that it saw begin this long ago: most end within a second. */
export const OBSERVER_POLL_MS = 1_000;

/** Validator sets kept: the running epoch's, its neighbours', and those on branches. */
export const REMEMBERED_VALIDATOR_SETS = 8;

/** Signatures known to be good, at about 0.5 kB each (with 100 validators 10 kB): some blocks' worth of every kind. */
export const REMEMBERED_SIGNATURES = 2_048;

/** Aggregates of which the parts are known, at about 1 kB each (with 100 validators 15 kB): checked right after they were made. */
export const REMEMBERED_AGGREGATES = 64;

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
 * Kinds of call (code hash and selector) that are known to stay on one shard, at some 150 bytes each. The one learned
 * longest ago goes first, and its next call takes the section.
 */
export const LEARNED_FUNCTIONS = 65_536;

/** What a leader's section may take to execute here, as part of Δ: a quarter of the proposal timer, which is 2Δ. */
export const SECTION_SHARE: number = 1 / 2;

/** A leader's section is halved for each view without a block since the parent's, so often at most (global.md). */
export const MAX_SECTION_BACKOFF = 6;

/** Every so many heights a section takes one candidate that declares more than fits its time: the heaviest must get through. */
export const HEAVY_SECTION_HEIGHTS = 8n;

/**
 * Views skipped in a row after which not even the first candidate is taken whatever it declares. By then timers have been at
 * their greatest for some turns (Δ·1.5^k reaches 16 s at k = 9 from 500 ms): it takes too long on these machines, and leaders
 * that went on with it at the same height would never make another block.
 */
export const MAX_HEAVY_SKIPS = 12;

/**
 * Heights that a leader leaves a local transaction to the chunks of its home before it takes it into the section: there may
 * be no chunks, or their producer may believe that it is not local.
 */
export const OVERDUE_HEIGHTS = 8n;

/** Transactions that a leader remembers to have left to chunks; one a sender. Forgetting one makes it wait anew. */
export const REMEMBERED_LEFT_TRANSACTIONS = 16_384;

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

/** Slots of an eth_getProof that are walked in one turn of the event loop: a node from the disk may take 0.1 ms. */
export const PROOF_SLICE_SLOTS = 16;

/** How often it is looked whether blocks come, milliseconds: cheap, and soon enough for somebody who wonders why not. */
export const WATCH_INTERVAL_MS = 1_000;

/**
 * A chain with work and without a new block for this long has halted, milliseconds, beside the time that a devnet is told
 * to leave between blocks. Several views that fail one after the other take less.
 */
export const HALT_AFTER_MS = 15_000;

/** Executing transactions again for the devnet's log: the pool's own limit, and as much to wait for a thread. */
export const INSIGHT_MS = 10_000;

/** Blocks of more transactions are not searched for what they say to the console: decoding their access lists takes long. */
export const MAX_INSIGHT_TRANSACTIONS = 500;

/** A devnet's first thread for calls starts so much after the devnet, milliseconds: tools wait for the devnet, and then call. */
export const SIMULATION_WARM_UP_MS = 50;

/** A devnet's owner may set a gas limit down to this: one plain transfer fits. */
export const MIN_CONTROLLED_GAS_LIMIT = 21_000n;

/**
 * The latest second that a devnet's owner may set, some 30,000 years from now: far enough, and clocks can still say it
 * exactly in milliseconds.
 */
export const MAX_CONTROLLED_TIMESTAMP: bigint = 10n ** 12n;

/** A control operation that is not final after this has failed, milliseconds: above what a halted chain shows itself after. */
export const CONTROL_WAIT_MS = 20_000;

/** Beside that for each block of a run, milliseconds: some ten times what one takes on a machine with nothing else to do. */
export const RUN_WAIT_MS_PER_BLOCK = 1;

/** Accounts that a devnet's process impersonates one by one: a test has some; who wants more wants all. */
export const MAX_IMPERSONATED_ACCOUNTS = 4_096;

/** Blocks that are told in one turn of the event loop: reading one of a run takes some 40 µs, and each listener its own. */
export const ANNOUNCED_BLOCKS = 256n;

/** Blocks that others have signed without a key before it is taken to be free: some seconds of a busy network. */
export const KEY_WATCH_BLOCKS = 10;

/** After this a key is taken to be free although fewer blocks came: nobody may be there, or the network is idle. */
export const KEY_WATCH_MS = 60_000;

/** How much newer than a watch's start a block has to be to tell of it: clocks differ, and votes were on the way. */
export const KEY_WATCH_FRESH_SECONDS = 3n;

/**
 * Before a chain is taken back requests under way have so long to end, milliseconds: reads take far less, and one that waits
 * for a block would wait for one that does not come.
 */
export const REQUEST_DRAIN_MS = 250;

/**
 * Those that came in meanwhile have so long, milliseconds, while all others wait: a read takes a few, and whoever waits for a
 * block has been waited for already.
 */
export const REQUEST_SHUT_MS = 20;

/** Turns of the event loop in which the newest block is waited to have a finalization of its own: it has one in the next. */
export const CERTIFIED_HEAD_TURNS = 1_000;
