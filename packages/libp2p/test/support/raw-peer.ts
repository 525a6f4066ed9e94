import { noise } from '@chainsafe/libp2p-noise';
import { yamux } from '@chainsafe/libp2p-yamux';
import type { Hash } from '@heddle/types';
import { privateKeyFromProtobuf } from '@libp2p/crypto/keys';
import type { Connection, Libp2p, Stream } from '@libp2p/interface';
import { tcp } from '@libp2p/tcp';
import { multiaddr } from '@multiformats/multiaddr';
import { createLibp2p } from 'libp2p';
import type { Refusal } from '../../src/errors.ts';
import { exactly, type FrameLimit, frameHeader } from '../../src/frames.ts';
import { HELLO_PROTOCOL } from '../../src/handshakes.ts';
import { decodeVerdict, encodeHello, encodeVerdict, type Hello, makeHello, SESSION_BYTES } from '../../src/hello.ts';
import { FrameSource } from '../../src/streams/frame-source.ts';
import { GENESIS, identityOf, networkKeyOf } from './network.ts';

const ANY_FRAME = (): FrameLimit => exactly(1_000_000);

/** A node of libp2p alone, which says and sends what a test wants. */
export class RawPeer {
  readonly #node: Libp2p;
  readonly #name: string;
  #connection: Connection | null = null;

  private constructor(node: Libp2p, name: string) {
    this.#node = node;
    this.#name = name;
  }

  /** `localAddress`: where it comes from. */
  static async create(name: string, localAddress = '127.0.0.1'): Promise<RawPeer> {
    const dialOpts = { noDelay: true, localAddress };
    const node = await createLibp2p({
      privateKey: privateKeyFromProtobuf(await networkKeyOf(name)),
      transports: [tcp({ dialOpts })],
      connectionEncrypters: [noise()],
      streamMuxers: [yamux()],
      connectionMonitor: { enabled: false },
    });
    return new RawPeer(node, name);
  }

  get peerId(): string {
    return this.#node.peerId.toString();
  }

  get isConnected(): boolean {
    return this.#connection?.status === 'open';
  }

  /** An honest hello of this peer, with the validator key of its name or without. */
  hello(withKey: boolean, genesisHash: Hash = GENESIS): Hello {
    const identity = withKey ? identityOf(this.#name) : null;
    return makeHello(genesisHash, new Uint8Array(SESSION_BYTES).fill(1), this.peerId, identity, []);
  }

  async dial(address: string | undefined): Promise<void> {
    this.#connection = await this.#node.dial(multiaddr(address ?? ''));
  }

  async open(protocol: string): Promise<Stream> {
    if (this.#connection === null) throw new Error('dial first');
    return this.#connection.newStream([protocol]);
  }

  /** Dials and does the handshake; the other side's verdict. */
  async join(address: string | undefined, hello: Hello): Promise<Refusal | null> {
    await this.dial(address);
    const stream = await this.open(HELLO_PROTOCOL);
    const frames = new FrameSource(stream, {
      limits: [ANY_FRAME, ANY_FRAME],
      take: () => true,
      release: () => undefined,
      invalid: () => undefined,
    });
    sendFrame(stream, encodeHello(hello));
    const verdict = decodeVerdict(await frames.next());
    if (verdict !== null) return verdict;
    await frames.next();
    sendFrame(stream, encodeVerdict(null));
    return null;
  }

  async stop(): Promise<void> {
    await this.#node.stop();
  }
}

export function sendFrame(stream: Stream, payload: Uint8Array): void {
  stream.send(frameHeader(payload.length));
  if (payload.length > 0) stream.send(payload);
}
