import type { PeerId } from '@heddle/network';
import { equalBytes } from '@heddle/primitives';
import type { Connection, Stream } from '@libp2p/interface';
import { ByteRoom } from '../byte-room.ts';
import { StreamUnwantedError } from '../errors.ts';
import type { Hello } from '../hello.ts';
import { type Libp2pLimits, MAX_CONNECTIONS_PER_PEER, MAX_PARTIAL_BYTES_PER_PEER } from '../limits.ts';
import { pauseReading, resumeReading } from '../streams/flow.ts';

export interface PeerFacts {
  readonly name: PeerId;
  readonly peerId: string;
  readonly hello: Hello;
  /** All peers' frames that have begun. */
  readonly partial: ByteRoom;
  readonly limits: Pick<Libp2pLimits, 'maxQueuedBytesPerPeer'>;
}

/** The other side of one or two connections, which has said who it is. */
export class Peer {
  readonly name: PeerId;
  readonly peerId: string;
  readonly hello: Hello;
  /** What waits to be sent. */
  readonly queued: ByteRoom;
  /** Frames that it has begun. */
  readonly partial: ByteRoom;
  readonly #connections: Connection[] = [];
  /** Streams of it that are read. */
  readonly #inbound = new Set<Stream>();
  #isBlocked = false;

  constructor({ name, peerId, hello, partial, limits }: PeerFacts) {
    this.name = name;
    this.peerId = peerId;
    this.hello = hello;
    this.queued = new ByteRoom(limits.maxQueuedBytesPerPeer, null);
    this.partial = new ByteRoom(MAX_PARTIAL_BYTES_PER_PEER, partial);
  }

  get connections(): readonly Connection[] {
    return this.#connections;
  }

  /** The one that streams are opened on. */
  get connection(): Connection | null {
    return this.#connections.find(({ status }) => status === 'open') ?? null;
  }

  /** Of the first connection, for people. */
  get address(): string {
    return this.#connections[0]?.remoteAddr.toString() ?? '';
  }

  get isBlocked(): boolean {
    return this.#isBlocked;
  }

  /** Whether a hello is one of the same run of the same node. */
  isSameRun({ session, proof }: Hello): boolean {
    const own = this.hello.proof?.publicKey ?? null;
    const isSameKey = proof === null ? own === null : own !== null && equalBytes(own, proof.publicKey);
    return isSameKey && equalBytes(session, this.hello.session);
  }

  /** Both sides may have dialled at once; more than that, and the oldest is of no use. */
  add(connection: Connection): void {
    this.#connections.push(connection);
    if (this.#connections.length > MAX_CONNECTIONS_PER_PEER)
      this.#connections[0]?.abort(unwanted('a newer one is there'));
  }

  /** True if it was the last one. */
  remove(connection: Connection): boolean {
    const at = this.#connections.indexOf(connection);
    if (at !== -1) this.#connections.splice(at, 1);
    return this.#connections.length === 0;
  }

  disconnect(reason: string): void {
    for (const connection of [...this.#connections]) connection.abort(unwanted(reason));
  }

  /** A stream that is read from now on, but while the peer is blocked. */
  reads(stream: Stream): void {
    this.#inbound.add(stream);
    stream.addEventListener('close', () => this.#inbound.delete(stream));
    if (this.#isBlocked) pauseReading(stream);
  }

  /**
   * Nothing more is read of it: its streams fill up and stop. They are not ended, since an honest peer that is blocked by
   * mistake would open others.
   */
  block(): void {
    this.#isBlocked = true;
    for (const stream of this.#inbound) pauseReading(stream);
  }

  unblock(): void {
    this.#isBlocked = false;
    for (const stream of this.#inbound) resumeReading(stream);
  }
}

function unwanted(reason: string): StreamUnwantedError {
  return new StreamUnwantedError(reason);
}
