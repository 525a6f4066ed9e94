import type { Cancel, Scheduler } from '@heddle/runtime';
import type { Hash } from '@heddle/types';
import type { Connection, Stream } from '@libp2p/interface';
import { HandshakeFailedError, InvalidFrameError, type Refusal, StreamUnwantedError } from './errors.ts';
import { exactly, type FrameLimit, frameHeader } from './frames.ts';
import { decodeHello, decodeVerdict, encodeHello, encodeVerdict, faultOf, type Hello } from './hello.ts';
import { type Libp2pLimits, MAX_EARLY_STREAMS, MAX_HELLO_BYTES } from './limits.ts';
import type { Peer } from './peers/peer.ts';
import { FrameSource } from './streams/frame-source.ts';

export const HELLO_PROTOCOL = '/heddle/hello/1';

export interface HandshakePorts {
  readonly scheduler: Scheduler;
  readonly limits: Pick<Libp2pLimits, 'handshakeTimeoutMs'>;
  readonly genesisHash: Hash;
  ownHello(): Hello;
  /** Why a node with a proven hello may not be a peer. */
  refusal(hello: Hello, peerId: string): Refusal | null;
  accept(hello: Hello, connection: Connection): Peer;
  /** The connection is being closed. */
  failed(error: HandshakeFailedError, connection: Connection): void;
}

interface Handshake {
  readonly connection: Connection;
  readonly peer: Promise<Peer>;
  readonly cancelTimeout: Cancel;
  hasBegun: boolean;
  /** Streams that wait for it to end. */
  waiting: number;
  succeed(peer: Peer): void;
  fail(error: HandshakeFailedError): void;
}

/**
 * The first thing on each connection: the side that dialled says who it is, the other says whether it may stay and who it is
 * itself, and the first says the same of the second. Until then nothing else of the connection is read.
 */
export class Handshakes {
  readonly #ports: HandshakePorts;
  /** By connection; they stay until it is closed, so that every stream finds its peer. */
  readonly #handshakes = new Map<Connection, Handshake>();

  constructor(ports: HandshakePorts) {
    this.#ports = ports;
  }

  /** A connection is open. */
  opened(connection: Connection): void {
    const handshake = this.#of(connection);
    if (connection.direction === 'outbound') void this.#run(handshake, () => this.#greet(connection));
  }

  /** A connection is closed: whoever waits for its peer waits in vain. */
  closed(connection: Connection): void {
    const handshake = this.#handshakes.get(connection);
    this.#handshakes.delete(connection);
    handshake?.cancelTimeout();
    handshake?.fail(failure(connection, 'disconnected', 'them'));
  }

  /** The other side of a connection, as soon as it is known. Rejects with HandshakeFailedError. */
  peerOf(connection: Connection): Promise<Peer> {
    const handshake = this.#of(connection);
    handshake.waiting += 1;
    if (handshake.waiting > MAX_EARLY_STREAMS) this.#failed(handshake, failure(connection, 'malformed', 'us'));
    return handshake.peer.finally(() => {
      handshake.waiting -= 1;
    });
  }

  /** The other side, which has dialled, opens the stream of the handshake. */
  answer(stream: Stream, connection: Connection): void {
    if (connection.direction === 'outbound') stream.abort(new StreamUnwantedError('whoever dialled begins'));
    else void this.#run(this.#of(connection), () => this.#reply(stream, connection));
  }

  #of(connection: Connection): Handshake {
    const known = this.#handshakes.get(connection);
    if (known !== undefined) return known;
    const { promise, resolve, reject } = Promise.withResolvers<Peer>();
    // Most of them nobody waits for.
    promise.catch(() => undefined);
    const cancelTimeout = this.#ports.scheduler.after(this.#ports.limits.handshakeTimeoutMs, () => {
      this.#failed(handshake, failure(connection, 'timeout', 'them'));
    });
    const handshake: Handshake = {
      connection,
      peer: promise,
      cancelTimeout,
      hasBegun: false,
      waiting: 0,
      succeed: resolve,
      fail: reject,
    };
    if (connection.status === 'open') this.#handshakes.set(connection, handshake);
    else this.#failed(handshake, failure(connection, 'disconnected', 'them'));
    return handshake;
  }

  async #run(handshake: Handshake, exchange: () => Promise<Hello>): Promise<void> {
    const { connection } = handshake;
    if (handshake.hasBegun) return;
    handshake.hasBegun = true;
    try {
      const hello = await exchange();
      // A moment has passed since it was judged.
      const refusal = this.#ports.refusal(hello, connection.remotePeer.toString());
      if (refusal !== null) throw failure(connection, refusal, 'us');
      if (connection.status !== 'open') throw failure(connection, 'disconnected', 'them');
      handshake.cancelTimeout();
      handshake.succeed(this.#ports.accept(hello, connection));
    } catch (error) {
      this.#failed(handshake, asFailure(connection, error));
    }
  }

  #failed(handshake: Handshake, error: HandshakeFailedError): void {
    handshake.cancelTimeout();
    handshake.fail(error);
    this.#ports.failed(error, handshake.connection);
    const { connection } = handshake;
    // What was said last should arrive.
    if (error.facts.by === 'us') void connection.close().catch((cause: Error) => connection.abort(cause));
    else connection.abort(error);
  }

  async #greet(connection: Connection): Promise<Hello> {
    const stream = await connection.newStream([HELLO_PROTOCOL]);
    const frames = helloFrames(stream);
    send(stream, encodeHello(this.#ports.ownHello()));
    const verdict = decodeVerdict(await frames.next());
    if (verdict !== null) throw failure(connection, verdict, 'them');
    return this.#judge(stream, connection, decodeHello(await frames.next()));
  }

  async #reply(stream: Stream, connection: Connection): Promise<Hello> {
    const frames = helloFrames(stream);
    const hello = this.#judge(stream, connection, decodeHello(await frames.next()));
    send(stream, encodeHello(this.#ports.ownHello()));
    const verdict = decodeVerdict(await frames.next());
    if (verdict !== null) throw failure(connection, verdict, 'them');
    return hello;
  }

  /** Says what this side thinks of the other; throws HandshakeFailedError if it is no good. */
  #judge(stream: Stream, connection: Connection, hello: Hello): Hello {
    const peerId = connection.remotePeer.toString();
    const verdict = faultOf(hello, peerId, this.#ports.genesisHash) ?? this.#ports.refusal(hello, peerId);
    send(stream, encodeVerdict(verdict));
    if (verdict !== null) throw failure(connection, verdict, 'us');
    return hello;
  }
}

function helloFrames(stream: Stream): FrameSource {
  const limit = (): FrameLimit => exactly(MAX_HELLO_BYTES);
  return new FrameSource(stream, {
    limits: [limit, limit],
    take: () => true,
    release: () => undefined,
    // Whoever waits for the next frame learns it.
    invalid: () => undefined,
  });
}

function send(stream: Stream, frame: Uint8Array): void {
  stream.send(frameHeader(frame.length));
  stream.send(frame);
}

function failure(
  { remotePeer }: Connection,
  reason: HandshakeFailedError['facts']['reason'],
  by: 'us' | 'them',
): HandshakeFailedError {
  return new HandshakeFailedError(remotePeer.toString(), reason, by);
}

function asFailure(connection: Connection, error: unknown): HandshakeFailedError {
  if (error instanceof HandshakeFailedError) return error;
  return error instanceof InvalidFrameError
    ? failure(connection, 'malformed', 'us')
    : failure(connection, 'disconnected', 'them');
}
