import type { Scheduler } from '@heddle/runtime';
import type { GossipSubComponents } from '@libp2p/gossipsub';
import type { Connection, Stream, StreamHandler, Topology } from '@libp2p/interface';
import { StreamUnwantedError } from './errors.ts';
import { MAX_GOSSIP_BYTES_PER_SECOND, MAX_OUTSIDER_GOSSIP_BYTES_PER_SECOND } from './limits.ts';
import { parsePeerId } from './peers/addresses.ts';
import type { Peer } from './peers/peer.ts';
import type { Peers } from './peers/peers.ts';
import { pauseReading, resumeReading } from './streams/flow.ts';

type Registrar = GossipSubComponents['registrar'];

const WINDOW_MS = 1_000;

export interface GossipGatePorts {
  readonly scheduler: Scheduler;
  readonly peers: Pick<Peers, 'isValidator'>;
  peerOf(connection: Connection): Promise<Peer>;
}

/**
 * Stands between libp2p and gossipsub: gossipsub hears of peers that have said who they are, and reads no more of each than
 * its share. It would otherwise talk to whoever connects, and forget what it ignored.
 */
export class GossipGate {
  readonly #ports: GossipGatePorts;
  readonly #topologies = new Map<string, Topology>();
  #protocols: readonly string[] = [];
  #isOpen = true;

  constructor(ports: GossipGatePorts) {
    this.#ports = ports;
  }

  /** What gossipsub is given in the place of libp2p's own parts. */
  components(given: GossipSubComponents): GossipSubComponents {
    const { privateKey, peerId, peerStore, connectionManager, logger } = given;
    return { privateKey, peerId, peerStore, connectionManager, logger, registrar: this.#registrar(given.registrar) };
  }

  connected(peer: Peer): void {
    const { connection } = peer;
    if (connection === null) return;
    // It is told of a peer once for each of its protocols, which are versions of one.
    const [topology] = this.#topologies.values();
    void topology?.onConnect?.(connection.remotePeer, withLiveStreams(connection));
  }

  disconnected(peer: Peer): void {
    const [topology] = this.#topologies.values();
    const peerId = parsePeerId(peer.peerId);
    if (peerId !== null) void topology?.onDisconnect?.(peerId);
  }

  /** A stream to the peer that broke, because it was too slow, is opened again. */
  repair(peer: Peer): void {
    const hasStream = peer.connections.some(({ streams }) =>
      streams.some(({ direction, protocol }) => direction === 'outbound' && this.#protocols.includes(protocol)),
    );
    if (!hasStream) this.connected(peer);
  }

  close(): void {
    this.#isOpen = false;
  }

  #registrar(registrar: Registrar): Registrar {
    return {
      getProtocols: () => registrar.getProtocols(),
      handle: (protocol, handler, options) => {
        this.#protocols = [...this.#protocols, protocol];
        return registrar.handle(protocol, (stream, connection) => this.#admit(stream, connection, handler), options);
      },
      unhandle: (protocol, options) => registrar.unhandle(protocol, options),
      getHandler: (protocol) => registrar.getHandler(protocol),
      use: (protocol, middleware) => registrar.use(protocol, middleware),
      unuse: (protocol) => registrar.unuse(protocol),
      getMiddleware: (protocol) => registrar.getMiddleware(protocol),
      register: (protocol, topology) => {
        this.#topologies.set(protocol, topology);
        return Promise.resolve(protocol);
      },
      unregister: (id) => {
        this.#topologies.delete(id);
      },
      getTopologies: (protocol) => registrar.getTopologies(protocol),
    };
  }

  async #admit(stream: Stream, connection: Connection, handler: StreamHandler): Promise<void> {
    const peer = await this.#ports.peerOf(connection);
    if (!this.#isOpen) return;
    await handler(stream, withLiveStreams(connection));
    // Later, since whoever listens first gets what has come already.
    this.#ports.scheduler.soon(() => {
      peer.reads(stream);
      this.#meter(stream, peer);
    });
  }

  #meter(stream: Stream, peer: Peer): void {
    const share = this.#ports.peers.isValidator(peer)
      ? MAX_GOSSIP_BYTES_PER_SECOND
      : MAX_OUTSIDER_GOSSIP_BYTES_PER_SECOND;
    let read = 0;
    stream.addEventListener('message', ({ data }) => {
      if (read === 0) this.#ports.scheduler.after(WINDOW_MS, windowEnds);
      read += data.byteLength;
      if (read > share) pauseReading(stream);
    });
    const windowEnds = (): void => {
      read = 0;
      if (this.#isOpen && !peer.isBlocked) resumeReading(stream);
    };
  }
}

/**
 * The connection, whose new streams are open when they are handed over. Gossipsub keeps whatever stream it is given until that
 * closes, and opens no other one: a stream that had closed by then would keep its peer from all gossip, also after the peer has
 * connected again.
 */
function withLiveStreams(connection: Connection): Connection {
  const newStream: Connection['newStream'] = async (protocols, options) => {
    const stream = await connection.newStream(protocols, options);
    if (stream.status !== 'open' || connection.status !== 'open') throw new StreamUnwantedError('it closed meanwhile');
    return stream;
  };
  return new Proxy(connection, {
    get: (target, property) => (property === 'newStream' ? newStream : Reflect.get(target, property, target)),
  });
}
