import {
  type DirectHandler,
  type DropReason,
  type GossipHandler,
  type PeerId,
  peerOf,
  RequestFailedError,
  type RequestHandler,
  registerHandler,
} from '@heddle/network';
import { EMPTY_BYTES, equalBytes } from '@heddle/primitives';
import { privateKeyFromProtobuf } from '@libp2p/crypto/keys';
import type { PrivateKey } from '@libp2p/interface';
import { peerIdFromPrivateKey } from '@libp2p/peer-id';
import { InvalidNetworkKeyError } from './errors.ts';
import type { Libp2pFootprint, Libp2pTransport, Libp2pTransportOptions, PeerInfo } from './options.ts';
import { originOf, parseAddress } from './peers/addresses.ts';
import { type Ban, Bans } from './peers/bans.ts';
import { decodeKeptPeers, encodeKeptPeers, type KeptPeer } from './peers/kept.ts';
import type { Peer } from './peers/peer.ts';
import { Run } from './run.ts';

const NOTHING: Libp2pFootprint = { queuedBytes: 0, partialBytes: 0, answerBytes: 0, connections: 0 };

/** A transport that is not started. Rejects with InvalidNetworkKeyError or InvalidAddressError. */
export async function createLibp2pTransport(options: Libp2pTransportOptions): Promise<Libp2pTransport> {
  const privateKey = parseNetworkKey(options.networkKey);
  for (const address of [...options.listen, ...options.external, ...options.bootnodes]) parseAddress(address);
  return new OwnTransport(options, privateKey);
}

/** Throws InvalidNetworkKeyError. */
function parseNetworkKey(bytes: Uint8Array): PrivateKey {
  try {
    const key = privateKeyFromProtobuf(bytes);
    if (key.type === 'Ed25519') return key;
  } catch {
    // Its message might hold the key.
  }
  throw new InvalidNetworkKeyError();
}

/** What stays over stop and start; everything else is in `Run`. */
class OwnTransport implements Libp2pTransport {
  readonly self: PeerId;
  readonly peerId: string;
  readonly #options: Libp2pTransportOptions;
  readonly #privateKey: PrivateKey;
  readonly #direct = new Map<string, DirectHandler>();
  readonly #topics = new Map<string, GossipHandler>();
  readonly #requests = new Map<string, RequestHandler>();
  readonly #peerListeners: ((peer: PeerId, connected: boolean) => void)[] = [];
  readonly #bootnodes: Set<string>;
  readonly #blocked = new Set<PeerId>();
  readonly #bans: Bans;
  #lastSent: { readonly source: Uint8Array; readonly copy: Uint8Array } = { source: EMPTY_BYTES, copy: EMPTY_BYTES };
  #run: Run | null = null;
  /** What the file has. */
  #written: string | null;
  /** Peers as the last run left them. */
  #known: readonly KeptPeer[];
  #stopping: Promise<void> = Promise.resolve();

  constructor(options: Libp2pTransportOptions, privateKey: PrivateKey) {
    this.#options = options;
    this.#privateKey = privateKey;
    this.peerId = peerIdFromPrivateKey(privateKey).toString();
    this.self = options.identity === null ? this.peerId : peerOf(options.identity.publicKey);
    this.#bootnodes = new Set(options.bootnodes);
    this.#bans = new Bans({ clock: options.clock, limits: options.limits, banned: (ban) => this.#onBan(ban) });
    this.#written = options.peerFile.read();
    const kept = decodeKeptPeers(this.#written);
    if (kept === null) options.observer.keptPeersDamaged();
    this.#bans.restore(kept?.bans ?? []);
    this.#known = kept?.peers ?? [];
  }

  peers(): readonly PeerId[] {
    return this.#run?.peers.names() ?? [];
  }

  async start(): Promise<void> {
    if (this.#run !== null) return;
    const run = this.#createRun();
    this.#run = run;
    await this.#stopping;
    try {
      await run.start();
    } catch (error) {
      await run.stop();
      if (this.#run === run) this.#run = null;
      throw error;
    }
  }

  stop(): Promise<void> {
    const run = this.#run;
    if (run !== null) this.#keep(run);
    this.#run = null;
    if (run !== null) this.#stopping = run.stop();
    return this.#stopping;
  }

  send(to: PeerId, protocol: string, payload: Uint8Array): void {
    const channel = `direct:${protocol}`;
    const reason: DropReason | null =
      this.#run === null ? 'stopped' : this.#run.direct.send(to, protocol, this.#copy(payload));
    if (reason === null) this.#options.metrics.sent(to, channel, payload.length);
    else this.#options.metrics.dropped(to, channel, reason);
  }

  onDirect(protocol: string, handler: DirectHandler): void {
    registerHandler(this.#direct, protocol, handler, 'direct');
  }

  publish(topic: string, payload: Uint8Array): void {
    const reason = this.#run?.publish(topic, payload) ?? null;
    if (reason !== null) this.#options.metrics.dropped(this.self, `gossip:${topic}`, reason);
  }

  subscribe(topic: string, handler: GossipHandler): void {
    registerHandler(this.#topics, topic, handler, 'gossip');
    this.#run?.subscribe(topic);
  }

  async request(to: PeerId, protocol: string, payload: Uint8Array, timeoutMs: number): Promise<Uint8Array> {
    if (this.#run === null) throw new RequestFailedError(to, protocol, 'stopped');
    return this.#run.requests.ask(to, protocol, new Uint8Array(payload), timeoutMs);
  }

  onRequest(protocol: string, handler: RequestHandler): void {
    registerHandler(this.#requests, protocol, handler, 'request');
  }

  onPeerChange(listener: (peer: PeerId, connected: boolean) => void): void {
    this.#peerListeners.push(listener);
  }

  addresses(): readonly string[] {
    return this.#run?.addresses() ?? [];
  }

  peerInfos(): readonly PeerInfo[] {
    const run = this.#run;
    if (run === null) return [];
    return [...run.peers.all()].map((peer) => infoOf(peer, run.peers.isValidator(peer)));
  }

  footprint(): Libp2pFootprint {
    return this.#run?.footprint() ?? NOTHING;
  }

  addBootnode(address: string): void {
    parseAddress(address);
    this.#bootnodes.add(address);
    this.#run?.addBootnode(address);
  }

  block(peer: PeerId): void {
    // A stranger's next name costs it nothing, and its place is another's: it is banned, and its name not kept.
    if (this.#run?.banIfOutsider(peer, 'it sent what it can not have believed') === true) return;
    this.#blocked.add(peer);
    this.#run?.peers.byName(peer)?.block();
  }

  unblock(peer: PeerId): void {
    this.#blocked.delete(peer);
    this.#run?.peers.byName(peer)?.unblock();
  }

  ban(subject: string, reason: string): void {
    this.#bans.ban(this.#run?.peers.byName(subject)?.peerId ?? subject, reason);
  }

  pardon(subject: string): void {
    this.#bans.pardon(subject);
  }

  bans(): readonly Ban[] {
    return this.#bans.list();
  }

  #createRun(): Run {
    const run: Run = new Run({
      options: this.#options,
      privateKey: this.#privateKey,
      peerId: this.peerId,
      handlers: { direct: this.#direct, topics: this.#topics, requests: this.#requests },
      bans: this.#bans,
      blocked: this.#blocked,
      bootnodes: this.#bootnodes,
      kept: this.#known,
      keep: () => this.#keep(run),
      changed: (peer, isConnected) => {
        this.#options.scheduler.soon(() => {
          if (this.#run !== run) return;
          for (const listener of this.#peerListeners) listener(peer, isConnected);
        });
      },
    });
    return run;
  }

  /** Writes what has changed since the last time. */
  #keep(run: Run): void {
    this.#known = run.learnt();
    const text = encodeKeptPeers({ bans: this.#bans.kept(), peers: this.#known });
    if (text !== this.#written) this.#options.peerFile.write(text);
    this.#written = text;
  }

  #onBan({ subject, reason, untilMs }: Ban): void {
    this.#options.observer.peerBanned(subject, reason, untilMs);
    const run = this.#run;
    if (run === null) return;
    for (const peer of [...run.peers.all()]) {
      const isThere = peer.connections.some(({ remoteAddr }) => originOf(remoteAddr).address === subject);
      // A validator is not held liable for its neighbours.
      if (peer.peerId === subject || (isThere && !run.peers.isValidator(peer))) run.peers.drop(peer, 'banned');
    }
  }

  /** A broadcast is one payload sent to each peer in turn: they all share one copy. */
  #copy(payload: Uint8Array): Uint8Array {
    const { source, copy } = this.#lastSent;
    if (source === payload && equalBytes(payload, copy)) return copy;
    this.#lastSent = { source: payload, copy: new Uint8Array(payload) };
    return this.#lastSent.copy;
  }
}

function infoOf(peer: Peer, isValidator: boolean): PeerInfo {
  return {
    name: peer.name,
    peerId: peer.peerId,
    address: peer.address,
    direction: peer.connections[0]?.direction ?? 'outbound',
    isValidator,
    isBlocked: peer.isBlocked,
    queuedBytes: peer.queued.heldBytes,
  };
}
