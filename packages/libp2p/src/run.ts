import type { DropReason, PeerId, RequestHandler } from '@heddle/network';
import { EMPTY_BYTES } from '@heddle/primitives';
import type { Cancel } from '@heddle/runtime';
import type { Connection, PrivateKey, Stream } from '@libp2p/interface';
import type { Multiaddr } from '@multiformats/multiaddr';
import { Dialer } from './dialer.ts';
import { type HandshakeFailedError, InvalidFrameError, ListenFailedError } from './errors.ts';
import { credibleAddresses, decodeKnownPeers, EXCHANGE_PROTOCOL, encodeKnownPeers } from './exchange.ts';
import { Gossip } from './gossip.ts';
import { GossipGate } from './gossip-gate.ts';
import type { Handlers } from './handlers.ts';
import { Handshakes, HELLO_PROTOCOL } from './handshakes.ts';
import { makeHello, SESSION_BYTES } from './hello.ts';
import { createLibp2pNode, type Libp2pNode } from './libp2p-node.ts';
import {
  BLOCKED_POINTS,
  DIAL_TIMEOUT_MS,
  EXCHANGE_MS,
  GOSSIP_REPAIR_MS,
  KEEP_PEERS_MS,
  MALFORMED_POINTS,
  MAX_DIRECT_STREAMS,
  MAX_REQUEST_STREAMS,
  WANTED_PEERS,
} from './limits.ts';
import type { Libp2pFootprint, Libp2pTransportOptions } from './options.ts';
import { parseAddress, withoutPeerId } from './peers/addresses.ts';
import { Admission } from './peers/admission.ts';
import type { Bans } from './peers/bans.ts';
import { createGater } from './peers/gater.ts';
import type { KeptPeer } from './peers/kept.ts';
import type { Peer } from './peers/peer.ts';
import { Peers } from './peers/peers.ts';
import { DIRECT_PROTOCOL, DirectStreams } from './streams/direct-streams.ts';
import { REQUEST_PROTOCOL, Requests } from './streams/requests.ts';
import { Responses } from './streams/responses.ts';

/** What outlives a run. */
export interface RunParts {
  readonly options: Libp2pTransportOptions;
  readonly privateKey: PrivateKey;
  readonly peerId: string;
  readonly handlers: Handlers;
  readonly bans: Bans;
  readonly blocked: ReadonlySet<PeerId>;
  /** Configured addresses. */
  readonly bootnodes: ReadonlySet<string>;
  /** Peers that an earlier run knew. */
  readonly kept: readonly KeptPeer[];
  changed(peer: PeerId, isConnected: boolean): void;
  /** It is time to write down what should outlast the process. */
  keep(): void;
}

/** The transport from one start to the next stop: its connections and everything that hangs on them. */
export class Run {
  readonly peers: Peers;
  readonly direct: DirectStreams;
  readonly requests: Requests;
  readonly #parts: RunParts;
  readonly #responses: Responses;
  readonly #handshakes: Handshakes;
  readonly #gate: GossipGate;
  readonly #dialer: Dialer;
  readonly #session: Uint8Array;
  readonly #gater;
  readonly #rounds = new Map<string, Cancel>();
  #node: Libp2pNode | null = null;
  #gossip: Gossip | null = null;
  #isOpen = true;

  constructor(parts: RunParts) {
    this.#parts = parts;
    const { options, bans, blocked, handlers } = parts;
    const { scheduler, metrics, limits, observer, validators } = options;
    const blame = (peer: Peer, points: number, reason: string): void => this.#blame(peer, points, reason);
    this.#session = options.random.bytes(SESSION_BYTES);
    this.#gater = createGater({ admission: new Admission(limits, bans), bans, observer });
    this.peers = new Peers({
      ownKey: options.identity?.publicKey ?? null,
      validators,
      limits,
      bans,
      blocked,
      connected: (peer) => this.#onConnected(peer),
      disconnected: (peer) => this.#onDisconnected(peer),
    });
    const common = { scheduler, metrics, peers: this.peers, blame };
    this.direct = new DirectStreams({ ...common, limits, handler: (protocol) => handlers.direct.get(protocol) });
    this.requests = new Requests(common);
    this.#responses = new Responses({ ...common, handler: (protocol) => this.#requestHandler(protocol) });
    this.#handshakes = this.#createHandshakes();
    this.#gate = new GossipGate({
      scheduler,
      peers: this.peers,
      peerOf: (connection) => this.#handshakes.peerOf(connection),
    });
    this.#dialer = this.#createDialer();
  }

  /** Rejects with ListenFailedError. */
  async start(): Promise<void> {
    const { options, privateKey, bootnodes, kept, handlers } = this.#parts;
    const { listen, external, limits } = options;
    const node = await createLibp2pNode({
      privateKey,
      listen,
      external,
      limits,
      gater: this.#gater.gater,
      gossipComponents: (given) => this.#gate.components(given),
    });
    if (!this.#isOpen) return;
    this.#node = node;
    await this.#listen(node);
    try {
      await node.start();
    } catch (error) {
      await node.stop();
      throw new ListenFailedError(listen, error);
    }
    if (!this.#isOpen) return;
    this.#gossip = this.#createGossip(node);
    for (const topic of handlers.topics.keys()) this.#gossip.subscribe(topic);
    for (const address of bootnodes) this.#dialer.addFixed(address);
    for (const { peerId, addresses } of kept) this.#dialer.addLearnt(peerId, addresses.map(parseAddress));
    this.#dialer.start();
    this.#every('gossip', GOSSIP_REPAIR_MS, () => this.#repairGossip());
    this.#every('exchange', EXCHANGE_MS, () => this.#askAny());
    this.#every('keep', KEEP_PEERS_MS, () => this.#parts.keep());
  }

  async stop(): Promise<void> {
    this.#isOpen = false;
    for (const cancel of this.#rounds.values()) cancel();
    this.#dialer.stop();
    this.requests.close();
    this.#responses.close();
    this.direct.close();
    this.#gate.close();
    this.#gossip?.close();
    await this.#node?.stop();
  }

  subscribe(topic: string): void {
    this.#gossip?.subscribe(topic);
  }

  publish(topic: string, payload: Uint8Array): DropReason | null {
    return this.#gossip?.publish(topic, payload) ?? null;
  }

  /** Throws InvalidAddressError. */
  addBootnode(address: string): void {
    this.#dialer.addFixed(address);
  }

  addresses(): readonly string[] {
    return this.#node?.getMultiaddrs().map((address) => address.toString()) ?? [];
  }

  /** True if the peer is connected and no known validator. */
  banIfOutsider(name: PeerId, reason: string): boolean {
    const peer = this.peers.byName(name);
    if (peer === null || this.peers.isValidator(peer)) return false;
    this.#blame(peer, BLOCKED_POINTS, reason);
    return true;
  }

  learnt(): readonly KeptPeer[] {
    return this.#dialer.learnt();
  }

  footprint(): Libp2pFootprint {
    let queuedBytes = 0;
    for (const peer of this.peers.all()) queuedBytes += peer.queued.heldBytes;
    return {
      queuedBytes,
      partialBytes: this.peers.partialBytes,
      answerBytes: this.#responses.answerBytes,
      connections: this.#node?.getConnections().length ?? 0,
    };
  }

  async #listen(node: Libp2pNode): Promise<void> {
    node.addEventListener('connection:open', ({ detail }) => this.#handshakes.opened(detail));
    node.addEventListener('connection:close', ({ detail }) => {
      this.#handshakes.closed(detail);
      this.peers.closed(detail);
      this.#forgetStored(node, detail);
    });
    const known =
      (accept: (stream: Stream, peer: Peer) => void) =>
      async (stream: Stream, connection: Connection): Promise<void> => {
        const peer = await this.#handshakes.peerOf(connection);
        if (this.#isOpen) accept(stream, peer);
      };
    await node.handle(HELLO_PROTOCOL, (stream, connection) => this.#handshakes.answer(stream, connection), {
      maxInboundStreams: 1,
    });
    await node.handle(
      DIRECT_PROTOCOL,
      known((stream, peer) => this.direct.accept(stream, peer)),
      { maxInboundStreams: MAX_DIRECT_STREAMS, maxOutboundStreams: MAX_DIRECT_STREAMS },
    );
    await node.handle(
      REQUEST_PROTOCOL,
      known((stream, peer) => void this.#responses.accept(stream, peer)),
      { maxInboundStreams: MAX_REQUEST_STREAMS, maxOutboundStreams: MAX_REQUEST_STREAMS },
    );
  }

  /** libp2p keeps what it knows of a peer for hours after it is gone. Whom to dial is known elsewhere. */
  #forgetStored(node: Libp2pNode, { remotePeer }: Connection): void {
    const isThere = node.getConnections(remotePeer).some(({ status }) => status === 'open');
    if (!isThere) void node.peerStore.delete(remotePeer).catch(() => undefined);
  }

  #createHandshakes(): Handshakes {
    const { options, peerId } = this.#parts;
    const { scheduler, limits, genesisHash, identity } = options;
    return new Handshakes({
      scheduler,
      limits,
      genesisHash,
      ownHello: () => makeHello(genesisHash, this.#session, peerId, identity, this.#ownAddresses()),
      refusal: (hello, remote) => this.peers.refusal(hello, remote),
      accept: (hello, connection) => {
        const peer = this.peers.accept(hello, connection);
        const admitted = this.#gater.admittedBy(connection);
        admitted?.proven();
        if (this.peers.isValidator(peer)) admitted?.privileged();
        return peer;
      },
      failed: (error, connection) => this.#onHandshakeFailed(error, connection),
    });
  }

  #createDialer(): Dialer {
    const { options, peerId, bans } = this.#parts;
    return new Dialer({
      clock: options.clock,
      scheduler: options.scheduler,
      random: options.random,
      ownPeerId: peerId,
      peerCount: () => this.peers.size,
      isConnected: (remote) => this.peers.byId(remote) !== null,
      isBanned: (remote) => bans.has(remote),
      dial: (addresses) => this.#dial(addresses),
      failed: (address, error) => options.observer.dialFailed(address, error),
    });
  }

  #createGossip(node: Libp2pNode): Gossip {
    const { options, handlers, blocked } = this.#parts;
    const { clock, scheduler, metrics } = options;
    return new Gossip(node.services.pubsub, {
      clock,
      scheduler,
      metrics,
      peers: this.peers,
      handler: (topic) => handlers.topics.get(topic),
      isBlocked: (peer) => blocked.has(peer),
      blame: (author, points, reason) => this.#blame(author, points, reason),
    });
  }

  async #dial(addresses: readonly Multiaddr[]): Promise<string> {
    if (this.#node === null) throw new ListenFailedError([], 'it does not run');
    const connection = await this.#node.dial([...addresses], { signal: AbortSignal.timeout(DIAL_TIMEOUT_MS) });
    return connection.remotePeer.toString();
  }

  #onConnected(peer: Peer): void {
    const { observer } = this.#parts.options;
    observer.peerConnected(peer.name, peer.peerId, peer.address);
    this.#dialer.connected(peer.peerId);
    this.#dialer.addLearnt(peer.peerId, credibleAddresses(peer.hello.addresses, peer.address));
    this.#gate.connected(peer);
    this.#parts.changed(peer.name, true);
    if (this.peers.size < WANTED_PEERS) void this.#ask(peer);
  }

  #onDisconnected(peer: Peer): void {
    this.direct.forget(peer);
    this.requests.forget(peer);
    this.#gate.disconnected(peer);
    this.#dialer.lost(peer.peerId);
    this.#parts.options.observer.peerDisconnected(peer.name, peer.peerId);
    this.#parts.changed(peer.name, false);
  }

  #onHandshakeFailed(error: HandshakeFailedError, connection: Connection): void {
    if (!this.#isOpen) return;
    const { observer } = this.#parts.options;
    const { peer, reason, by } = error.facts;
    observer.handshakeFailed(error);
    if (reason === 'ownKey') observer.ownKeySeen(peer);
    const mayMend =
      reason === 'timeout' || reason === 'disconnected' || reason === 'nameTaken' || reason === 'tooManyPeers';
    this.#dialer.refused(peer, !mayMend);
    if (reason !== 'malformed' || by !== 'us') return;
    const address = this.#gater.admittedBy(connection)?.origin.address ?? '';
    this.#parts.bans.blame(peer, address, MALFORMED_POINTS, 'a malformed handshake');
  }

  #blame(peer: Peer, points: number, reason: string): void {
    const [connection] = peer.connections;
    const address = connection === undefined ? '' : (this.#gater.admittedBy(connection)?.origin.address ?? '');
    this.#parts.bans.blame(peer.peerId, address, points, reason);
  }

  #requestHandler(protocol: string): RequestHandler | undefined {
    return protocol === EXCHANGE_PROTOCOL
      ? (from) => Promise.resolve(this.#knownPeers(from))
      : this.#parts.handlers.requests.get(protocol);
  }

  #knownPeers(asking: PeerId): Uint8Array {
    const others = [...this.peers.all()].filter(({ name, hello }) => name !== asking && hello.addresses.length > 0);
    return encodeKnownPeers(others.map(({ peerId, hello }) => ({ peerId, addresses: hello.addresses })));
  }

  async #ask(peer: Peer): Promise<void> {
    try {
      const answer = await this.requests.ask(peer.name, EXCHANGE_PROTOCOL, EMPTY_BYTES, DIAL_TIMEOUT_MS);
      for (const { peerId, addresses } of decodeKnownPeers(answer)) {
        this.#dialer.addLearnt(peerId, credibleAddresses(addresses, peer.address));
      }
    } catch (error) {
      // Whoever does not answer is asked again in a later round.
      if (error instanceof InvalidFrameError) this.#blame(peer, MALFORMED_POINTS, error.message);
    }
  }

  #askAny(): void {
    const all = [...this.peers.all()];
    const peer = all[Math.floor(this.#parts.options.random.next() * all.length)];
    if (peer !== undefined && all.length < WANTED_PEERS) void this.#ask(peer);
  }

  #repairGossip(): void {
    for (const peer of this.peers.all()) this.#gate.repair(peer);
  }

  #ownAddresses(): readonly string[] {
    return this.addresses().map(withoutPeerId);
  }

  #every(name: string, periodMs: number, run: () => void): void {
    const round = (): void => {
      this.#rounds.set(name, this.#parts.options.scheduler.after(periodMs, round));
      run();
    };
    this.#rounds.set(name, this.#parts.options.scheduler.after(periodMs, round));
  }
}
