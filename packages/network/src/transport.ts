/** A peer's identity on the transport, stable over restarts (libp2p: peer id; in memory: any unique text). */
export type PeerId = string;

/**
 * Stands for all authors of gossip that are not connected: anybody can make up any number of them, so that what is kept
 * for each author (a budget, a count) is kept once for all of these.
 */
export const UNCONNECTED_AUTHOR: PeerId = 'unconnected';

/**
 * Called with each message that arrives. Must not throw; what it does with bad bytes is the caller's business.
 * `payload` is read only: in memory all receivers of a message share it.
 */
export type DirectHandler = (from: PeerId, payload: Uint8Array) => void;
/** `from` is the author, not whoever passed it on; `UNCONNECTED_AUTHOR` if that is no connected peer. */
export type GossipHandler = (from: PeerId, payload: Uint8Array) => void;
/** Answers one request. A rejection (or a throw) reaches the requester as `RequestFailedError`, without its details. */
export type RequestHandler = (from: PeerId, payload: Uint8Array) => Promise<Uint8Array>;

/**
 * What the node needs of a network: ordered direct streams, gossip topics, request/response.
 * Bytes only: the wire format is in `envelope.ts`. Nothing here promises delivery; each (peer, protocol) pair keeps its
 * order. Handlers are registered once, before or after `start`, and stay over stop and start. A payload is copied when it
 * is handed over. Nothing is delivered within the call that sends it, and nothing at all after `stop`.
 */
export interface Transport {
  readonly self: PeerId;
  /** Connected peers, sorted. */
  peers(): readonly PeerId[];
  /** Joins the network; again after `stop`, too. Rejects with `PeerIdTakenError` if the identity is in use. */
  start(): Promise<void>;
  /** Closes every stream; pending requests fail. Idempotent. */
  stop(): Promise<void>;
  /** Sends on the ordered stream of `protocol` to one peer. Dropped (and counted) when the peer's queue is full or it is gone. */
  send(to: PeerId, protocol: string, payload: Uint8Array): void;
  onDirect(protocol: string, handler: DirectHandler): void;
  /**
   * To every connected subscriber, in no order. Equal payloads within a short window (under a second) may be delivered
   * once only, whoever published them; after it they are delivered again.
   */
  publish(topic: string, payload: Uint8Array): void;
  /** One handler a topic; own messages are not delivered back. */
  subscribe(topic: string, handler: GossipHandler): void;
  /** Rejects with `RequestFailedError` on time-out, a missing handler, a stopped peer, or the handler's own failure. */
  request(to: PeerId, protocol: string, payload: Uint8Array, timeoutMs: number): Promise<Uint8Array>;
  onRequest(protocol: string, handler: RequestHandler): void;
  onPeerChange(listener: (peer: PeerId, connected: boolean) => void): void;
  /**
   * Nothing that a peer of this name sends is handed over any more, whenever it connects, and its requests fail. What is sent to
   * it goes on. It may be disconnected instead. Idempotent.
   */
  block(peer: PeerId): void;
  unblock(peer: PeerId): void;
}
