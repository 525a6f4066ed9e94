import { EMPTY_BYTES, equalBytes } from '@heddle/primitives';
import type { Scheduler } from '@heddle/runtime';
import { RequestFailedError, type RequestFailure } from '../errors.ts';
import { registerHandler } from '../handlers.ts';
import { MAX_ANSWER_BYTES, MAX_MESSAGE_BYTES, MAX_SERVED_REQUESTS_PER_PEER } from '../limits.ts';
import type { DropReason, TransportMetrics } from '../metrics.ts';
import { gossipId, SeenMessages } from '../seen-messages.ts';
import type { DirectHandler, GossipHandler, PeerId, RequestHandler, Transport } from '../transport.ts';
import { channelOf, type Frame, sizeOf } from './frame.ts';
import type { Link } from './link.ts';
import { PendingRequests } from './requests.ts';

/** What a transport needs of its hub. Both throw or act at once. */
export interface HubPorts {
  readonly scheduler: Scheduler;
  /** Throws `PeerIdTakenError`. */
  join(transport: MemoryTransport): void;
  leave(transport: MemoryTransport): void;
}

/** One peer of a memory network. */
export class MemoryTransport implements Transport {
  readonly self: PeerId;
  readonly metrics: TransportMetrics;
  readonly #hub: HubPorts;
  readonly #links = new Map<PeerId, Link>();
  readonly #direct = new Map<string, DirectHandler>();
  readonly #topics = new Map<string, GossipHandler>();
  readonly #requests = new Map<string, RequestHandler>();
  readonly #peerListeners: ((peer: PeerId, connected: boolean) => void)[] = [];
  readonly #blocked = new Set<PeerId>();
  readonly #pending: PendingRequests;
  readonly #seen: SeenMessages;
  /** Requests being answered, per peer. */
  readonly #served = new Map<PeerId, number>();
  #lastSent: { readonly source: Uint8Array; readonly copy: Uint8Array } = { source: EMPTY_BYTES, copy: EMPTY_BYTES };
  #isRunning = false;
  /** Counts starts: what was begun in an earlier run is not finished in a later one. */
  #run = 0;

  constructor(self: PeerId, metrics: TransportMetrics, hub: HubPorts) {
    this.self = self;
    this.metrics = metrics;
    this.#hub = hub;
    this.#pending = new PendingRequests(hub.scheduler);
    this.#seen = new SeenMessages(hub.scheduler);
  }

  peers(): readonly PeerId[] {
    return [...this.#links.keys()].sort();
  }

  async start(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#run += 1;
    try {
      this.#hub.join(this);
    } catch (error) {
      this.#isRunning = false;
      throw error;
    }
  }

  async stop(): Promise<void> {
    if (!this.#isRunning) return;
    this.#isRunning = false;
    this.#pending.failAll('stopped');
    this.#hub.leave(this);
    this.#seen.clear();
    this.#served.clear();
  }

  send(to: PeerId, protocol: string, payload: Uint8Array): void {
    this.#push(to, { kind: 'direct', protocol, payload: this.#copy(payload) });
  }

  onDirect(protocol: string, handler: DirectHandler): void {
    registerHandler(this.#direct, protocol, handler, 'direct');
  }

  publish(topic: string, payload: Uint8Array): void {
    const id = gossipId(topic, payload);
    // Not a duplicate here even if it was: whoever missed the first one gets this one.
    this.#seen.add(id);
    const frame: Frame = { kind: 'gossip', protocol: topic, payload: new Uint8Array(payload), id };
    for (const peer of this.peers()) this.#push(peer, frame);
  }

  subscribe(topic: string, handler: GossipHandler): void {
    registerHandler(this.#topics, topic, handler, 'gossip');
  }

  async request(to: PeerId, protocol: string, payload: Uint8Array, timeoutMs: number): Promise<Uint8Array> {
    if (!this.#pending.hasRoom(to)) throw new RequestFailedError(to, protocol, 'busy');
    const copy = new Uint8Array(payload);
    return this.#pending.open(to, protocol, timeoutMs, (requestId) =>
      this.#push(to, { kind: 'request', protocol, payload: copy, requestId }),
    );
  }

  onRequest(protocol: string, handler: RequestHandler): void {
    registerHandler(this.#requests, protocol, handler, 'request');
  }

  onPeerChange(listener: (peer: PeerId, connected: boolean) => void): void {
    this.#peerListeners.push(listener);
  }

  block(peer: PeerId): void {
    this.#blocked.add(peer);
  }

  unblock(peer: PeerId): void {
    this.#blocked.delete(peer);
  }

  /** By the hub: frames to `peer` go over `link` from now on. */
  linkUp(peer: PeerId, link: Link): void {
    this.#links.set(peer, link);
    this.#tellSoon(peer, true);
  }

  /** By the hub: the link has been closed. */
  linkDown(peer: PeerId): void {
    this.#links.delete(peer);
    this.#served.delete(peer);
    this.#pending.failPeer(peer, 'disconnected');
    this.#tellSoon(peer, false);
  }

  /** By the link: a frame has arrived. */
  receive(from: PeerId, frame: Frame): void {
    this.metrics.received(from, channelOf(frame), sizeOf(frame));
    switch (frame.kind) {
      case 'direct':
        if (!this.#blocked.has(from)) this.#handle(from, frame, this.#direct.get(frame.protocol));
        break;
      case 'gossip':
        if (this.#blocked.has(from)) break;
        if (this.#seen.add(frame.id)) this.#handle(from, frame, this.#topics.get(frame.protocol));
        else this.metrics.duplicate(frame.protocol);
        break;
      case 'request':
        this.#serve(from, frame.protocol, frame.requestId, frame.payload);
        break;
      case 'response':
        this.#pending.answer(frame.requestId, from, frame.payload);
        break;
      case 'failure':
        this.#pending.fail(frame.requestId, from, frame.reason);
    }
  }

  /** A broadcast is one payload sent to each peer in turn: they all share one copy. */
  #copy(payload: Uint8Array): Uint8Array {
    const { source, copy } = this.#lastSent;
    if (source === payload && equalBytes(payload, copy)) return copy;
    this.#lastSent = { source: payload, copy: new Uint8Array(payload) };
    return this.#lastSent.copy;
  }

  #handle(
    from: PeerId,
    frame: Extract<Frame, { readonly payload: Uint8Array }>,
    handler: DirectHandler | GossipHandler | undefined,
  ): void {
    if (handler === undefined) this.metrics.dropped(from, channelOf(frame), 'noHandler');
    else handler(from, frame.payload);
  }

  #serve(from: PeerId, protocol: string, requestId: number, payload: Uint8Array): void {
    const handler = this.#requests.get(protocol);
    const served = this.#served.get(from) ?? 0;
    const fail = (reason: RequestFailure): void => {
      // One stream for all that nobody answers: the asking side chooses the name.
      this.#push(from, { kind: 'failure', protocol: handler === undefined ? '' : protocol, requestId, reason });
    };
    if (this.#blocked.has(from)) {
      fail('handlerFailed');
      return;
    }
    if (handler === undefined || served >= MAX_SERVED_REQUESTS_PER_PEER) {
      fail(handler === undefined ? 'noHandler' : 'busy');
      return;
    }
    this.#served.set(from, served + 1);
    const link = this.#links.get(from);
    /** The requester is still waiting on the same connection. */
    const isCurrent = (): boolean => link !== undefined && this.#links.get(from) === link;
    void this.#answer(handler, from, protocol, payload).then((response) => {
      if (!isCurrent()) return;
      this.#served.set(from, (this.#served.get(from) ?? 1) - 1);
      if (response === null) fail('handlerFailed');
      else if (response.length > MAX_MESSAGE_BYTES) fail('tooLarge');
      else if (!this.#respond(from, protocol, requestId, response)) fail('busy');
    });
  }

  /** False if too much is on the way already, to this peer or to all: then the requester need not wait in vain. */
  #respond(to: PeerId, protocol: string, requestId: number, response: Uint8Array): boolean {
    let onTheWay = 0;
    for (const link of this.#links.values()) onTheWay += link.answerBytes;
    if (onTheWay + response.length > MAX_ANSWER_BYTES) {
      this.metrics.dropped(to, `response:${protocol}`, 'queueFull');
      return false;
    }
    return this.#push(to, { kind: 'response', protocol, requestId, payload: new Uint8Array(response) }) !== 'queueFull';
  }

  /** Null if the handler failed; its error goes to the metrics, not to the peer. */
  async #answer(
    handler: RequestHandler,
    from: PeerId,
    protocol: string,
    payload: Uint8Array,
  ): Promise<Uint8Array | null> {
    try {
      return await handler(from, payload);
    } catch (error) {
      this.metrics.handlerFailed(protocol, error);
      return null;
    }
  }

  /** Null if the frame is on its way. */
  #push(to: PeerId, frame: Frame): Exclude<DropReason, 'noHandler' | 'injected'> | null {
    const reason = this.#tryPush(to, frame);
    if (reason === null) this.metrics.sent(to, channelOf(frame), sizeOf(frame));
    else this.metrics.dropped(to, channelOf(frame), reason);
    return reason;
  }

  #tryPush(to: PeerId, frame: Frame): Exclude<DropReason, 'noHandler' | 'injected'> | null {
    if (!this.#isRunning) return 'stopped';
    if (sizeOf(frame) > MAX_MESSAGE_BYTES) return 'tooLarge';
    const link = this.#links.get(to);
    if (link === undefined) return 'notConnected';
    return link.push(frame);
  }

  #tellSoon(peer: PeerId, connected: boolean): void {
    const run = this.#run;
    this.#hub.scheduler.soon(() => {
      if (!this.#isRunning || run !== this.#run) return;
      for (const listener of this.#peerListeners) listener(peer, connected);
    });
  }
}
