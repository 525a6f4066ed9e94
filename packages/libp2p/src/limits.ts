import { MAX_MESSAGE_BYTES, MAX_QUEUED_BYTES } from '@heddle/network';

const KIB = 1_024;
const MIB = 1_024 * KIB;
const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

/** What an operator or a test may want otherwise. Known validators are those that the `validators` of the options name. */
export interface Libp2pLimits {
  /** Connections whose other side has not said yet who it is. */
  readonly maxUnproven: number;
  /** Connections that came in from one address, known validators aside. */
  readonly maxPerAddress: number;
  /** Connections that came in from one subnet, known validators aside: /24 of IPv4, /48 of IPv6. */
  readonly maxPerSubnet: number;
  /** Connected peers that are no known validators. */
  readonly maxOutsiders: number;
  /** Bytes that wait on one stream to one peer. */
  readonly maxQueuedBytes: number;
  /** Bytes that wait on all streams to one peer. */
  readonly maxQueuedBytesPerPeer: number;
  /** A first ban lasts this long, each further one of the same peer twice as long. */
  readonly banMs: number;
  /** How long a connection may take to say who it is. */
  readonly handshakeTimeoutMs: number;
}

export const DEFAULT_LIMITS: Libp2pLimits = {
  // Each costs a key exchange at most; honest ones are through within two round trips.
  maxUnproven: 64,
  // Some users behind one address; more come in only as validators.
  maxPerAddress: 8,
  maxPerSubnet: 32,
  // What they cost is bounded a peer; beyond this they should connect to one another.
  maxOutsiders: 64,
  maxQueuedBytes: MAX_QUEUED_BYTES,
  // Chunks fill one stream while votes and evidence go on in theirs.
  maxQueuedBytesPerPeer: 2 * MAX_QUEUED_BYTES,
  banMs: 10 * MINUTE_MS,
  handshakeTimeoutMs: 5 * SECOND_MS,
};

/** Longest ban. */
export const MAX_BAN_MS: number = 24 * 60 * MINUTE_MS;

/** Bans, scores and addresses remembered; the oldest give way. */
export const MAX_REMEMBERED_PEERS = 4_096;

/** Bans that outlast the process: the newest. With the addresses their file has some 300 KiB at most. */
export const MAX_KEPT_BANS = 512;
export const MAX_BAN_REASON_CHARACTERS = 200;

/** Peers whose addresses outlast the process: enough to find a network again whose bootnodes are gone. */
export const MAX_KEPT_PEERS = 64;

/** Between two looks at whether there is something new to keep: so much is lost when the process is killed. */
export const KEEP_PEERS_MS: number = 30 * SECOND_MS;

/** At this many points a peer is banned. */
export const BAN_POINTS = 100;

/** Points halve in this time: what a bad network or an old version causes now and then is forgotten. */
export const POINTS_HALF_LIFE_MS: number = MINUTE_MS;

/** Points of an address for each peer banned there: the third one takes the address with it. */
export const ADDRESS_POINTS = 40;

/** A frame that nobody honest sends: a ban at once. */
export const MALFORMED_POINTS = 100;

/** A stranger whom the node blocks: the same. Validators stay, and are not read. */
export const BLOCKED_POINTS = 100;

/** A frame that only validators may send. A validator that this node does not know yet is no offender. */
export const OVERSIZED_POINTS = 10;

/** A message or stream that nobody here asked for: another version may do so. */
export const UNWANTED_POINTS = 1;

/** Frames of peers that are no known validators: statuses and requests. */
export const MAX_OUTSIDER_FRAME_BYTES: number = 64 * KIB;

/** Bytes of frames that one peer has begun and not ended: one of the largest on two streams. */
export const MAX_PARTIAL_BYTES_PER_PEER: number = 2 * MAX_MESSAGE_BYTES;

/** Of all peers together: sixteen validators that each send a largest chunk at once. */
export const MAX_PARTIAL_BYTES: number = 16 * MAX_MESSAGE_BYTES;

/** Direct streams of one peer: the node uses three. */
export const MAX_DIRECT_STREAMS = 16;

/** Streams that may wait for the handshake of their connection: each holds up to 256 KiB meanwhile. */
export const MAX_EARLY_STREAMS = 16;

/** Requests of one peer on open streams: beyond those that are served, to be told that there are too many. */
export const MAX_REQUEST_STREAMS = 128;

/** Gossip streams of one peer: the one that it has, and the one that replaces it. */
export const MAX_GOSSIP_STREAMS = 4;

/** What a stream may have under way: 40 MB/s at a round trip of 100 ms. A stream that is not read holds no more. */
export const MAX_STREAM_WINDOW_BYTES: number = 4 * MIB;

/** Name of a stream or topic. */
export const MAX_NAME_BYTES = 128;

/** The stream of a handshake: key, signature and addresses. */
export const MAX_HELLO_BYTES: number = 4 * KIB;

/** Addresses that a peer tells of itself or of another. */
export const MAX_ADDRESSES_PER_PEER = 8;

/** One address as text. */
export const MAX_ADDRESS_BYTES = 256;

/** Peers in one answer of the peer exchange. */
export const MAX_EXCHANGED_PEERS = 64;

/** An answer of the peer exchange. */
export const MAX_EXCHANGE_BYTES: number = 192 * KIB;

/** Connections to one peer: both may have dialled at once. */
export const MAX_CONNECTIONS_PER_PEER = 2;

/** Bytes that go to libp2p in one call: large enough to make calls cheap, small enough that streams take turns. */
export const WRITE_BYTES: number = 64 * KIB;

/** A stream that broke is opened again after this. */
export const REOPEN_MS: number = SECOND_MS;

/** How long a request may take to arrive once its stream is open, and an answer to leave: 16 MiB at 0.5 MB/s. */
export const TRANSFER_TIMEOUT_MS: number = 32 * SECOND_MS;

/** Between two looks at who should be dialled. */
export const DIAL_ROUND_MS: number = SECOND_MS;

/** How long one dial may take. */
export const DIAL_TIMEOUT_MS: number = 10 * SECOND_MS;

/** Dials at once. */
export const MAX_DIALS = 16;

/** The pause before a peer is dialled again doubles up to this. */
export const MAX_DIAL_PAUSE_MS: number = MINUTE_MS;

/** A peer that refused for a reason that stays (another chain) is asked again after this. */
export const REFUSED_PAUSE_MS: number = 5 * MINUTE_MS;

/** Peers that may be dialled. */
export const MAX_KNOWN_PEERS = 1_024;

/** While fewer are connected, peers that others told of are dialled. */
export const WANTED_PEERS = 64;

/** A peer that others told of and that failed so often is forgotten. */
export const MAX_DIAL_FAILURES = 8;

/** Between two questions of the peer exchange. */
export const EXCHANGE_MS: number = 30 * SECOND_MS;

/** Payload of one gossip message: a message of transactions (1 MiB) with its envelope. */
export const MAX_GOSSIP_BYTES: number = MIB + 4 * KIB;

/** Bytes that wait on the gossip stream to one peer; what comes then breaks the stream, which is opened again. */
export const MAX_GOSSIP_QUEUE_BYTES: number = 8 * MIB;

/** A gossip message counts for so long before and after the time that it bears: validators' clocks are closer. */
export const GOSSIP_AGE_MS: number = MINUTE_MS;

/** A message is known for longer than it counts, so that nobody can send it again. */
export const GOSSIP_SEEN_MS: number = 3 * GOSSIP_AGE_MS;

/** Gossipsub remembers a peer that is gone for so long: new peer ids cost nothing, and each has half a kilobyte. */
export const GOSSIP_SCORE_MS: number = MINUTE_MS;

/** Bytes of topic names of one peer: some forty topics. */
export const MAX_TOPIC_BYTES_PER_PEER: number = 64 * KIB;

/** A connection that does not answer is looked at this often, and given up after the time-out. */
export const PING_MS: number = 10 * SECOND_MS;
export const PING_TIMEOUT_MS: number = 15 * SECOND_MS;

/** One frame of gossip: what a peer asked for again comes in one. */
export const MAX_GOSSIP_FRAME_BYTES: number = 16 * MIB;

/** Bytes of gossip that are read of one peer in a second; the rest waits in its stream, and then at the peer. */
export const MAX_GOSSIP_BYTES_PER_SECOND: number = 16 * MIB;
export const MAX_OUTSIDER_GOSSIP_BYTES_PER_SECOND: number = 2 * MIB;

/**
 * Gossip messages of one author in a second, or of all unconnected authors that one peer passes on: far above the batches
 * that a busy node makes; more are not passed on.
 */
export const MAX_GOSSIPED_PER_SECOND = 1_000;

/** Between two looks at whether each peer has its gossip stream. */
export const GOSSIP_REPAIR_MS: number = 2 * SECOND_MS;
