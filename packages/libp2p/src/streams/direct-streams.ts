import {
  type DirectHandler,
  type DropReason,
  MAX_MESSAGE_BYTES,
  type PeerId,
  type TransportMetrics,
} from '@heddle/network';
import type { Scheduler } from '@heddle/runtime';
import type { Stream } from '@libp2p/interface';
import { InvalidFrameError, StreamUnwantedError } from '../errors.ts';
import { exactly, type FrameLimit, FrameReader } from '../frames.ts';
import {
  type Libp2pLimits,
  MALFORMED_POINTS,
  MAX_NAME_BYTES,
  MAX_OUTSIDER_FRAME_BYTES,
  OVERSIZED_POINTS,
  UNWANTED_POINTS,
} from '../limits.ts';
import type { Peer } from '../peers/peer.ts';
import type { Peers } from '../peers/peers.ts';
import { OutboundStream } from './outbound-stream.ts';
import { readStream } from './read-stream.ts';

export const DIRECT_PROTOCOL = '/heddle/direct/1';

export interface DirectPorts {
  readonly scheduler: Scheduler;
  readonly metrics: TransportMetrics;
  readonly limits: Pick<Libp2pLimits, 'maxQueuedBytes'>;
  readonly peers: Pick<Peers, 'byName' | 'isValidator'>;
  handler(protocol: string): DirectHandler | undefined;
  blame(peer: Peer, points: number, reason: string): void;
}

/** Ordered messages: one stream for each peer, protocol and direction, which stays open. */
export class DirectStreams {
  readonly #ports: DirectPorts;
  readonly #outbound = new Map<Peer, Map<string, OutboundStream>>();
  /** The streams that peers send on, by protocol. */
  readonly #inbound = new Map<Peer, Map<string, Stream>>();
  #isOpen = true;

  constructor(ports: DirectPorts) {
    this.#ports = ports;
  }

  /** Null if the message is on its way. `payload` must not change afterwards. */
  send(to: PeerId, protocol: string, payload: Uint8Array): DropReason | null {
    if (payload.length > MAX_MESSAGE_BYTES) return 'tooLarge';
    const peer = this.#ports.peers.byName(to);
    return peer === null ? 'notConnected' : this.#outboundTo(peer, protocol).push(payload);
  }

  /** A stream that a peer sends on. */
  accept(stream: Stream, peer: Peer): void {
    let protocol: string | null = null;
    const reader = new FrameReader({
      limit: () => (protocol === null ? exactly(MAX_NAME_BYTES) : this.#frameLimit(peer)),
      take: (bytes) => peer.partial.take(bytes),
      release: (bytes) => peer.partial.release(bytes),
      frame: (payload) => {
        if (protocol === null) {
          protocol = new TextDecoder().decode(payload);
          this.#replace(peer, protocol, stream);
        } else this.#receive(peer, protocol, payload);
        return this.#isOpen;
      },
    });
    peer.reads(stream);
    readStream(stream, {
      data: (bytes) => {
        try {
          reader.push(bytes);
        } catch (error) {
          this.#onInvalid(peer, stream, error);
        }
      },
      end: () => {
        reader.close();
        if (protocol !== null && this.#inbound.get(peer)?.get(protocol) === stream) {
          this.#inbound.get(peer)?.delete(protocol);
        }
        void stream.close().catch(() => undefined);
      },
    });
  }

  /** It is no peer any more. */
  forget(peer: Peer): void {
    for (const stream of this.#outbound.get(peer)?.values() ?? []) stream.close();
    this.#outbound.delete(peer);
    this.#inbound.delete(peer);
  }

  close(): void {
    this.#isOpen = false;
    for (const peer of [...this.#outbound.keys()]) this.forget(peer);
    this.#inbound.clear();
  }

  #outboundTo(peer: Peer, protocol: string): OutboundStream {
    const ofPeer = this.#outbound.get(peer) ?? new Map<string, OutboundStream>();
    this.#outbound.set(peer, ofPeer);
    const known = ofPeer.get(protocol);
    if (known !== undefined) return known;
    const stream = new OutboundStream(protocol, {
      scheduler: this.#ports.scheduler,
      maxBytes: this.#ports.limits.maxQueuedBytes,
      open: () => openStream(peer, DIRECT_PROTOCOL),
      take: (bytes) => peer.queued.take(bytes),
      release: (bytes) => peer.queued.release(bytes),
      lost: () => this.#ports.metrics.dropped(peer.name, `direct:${protocol}`, 'disconnected'),
    });
    ofPeer.set(protocol, stream);
    return stream;
  }

  #frameLimit(peer: Peer): FrameLimit {
    return this.#ports.peers.isValidator(peer)
      ? exactly(MAX_MESSAGE_BYTES)
      : { bytes: MAX_OUTSIDER_FRAME_BYTES, honestBytes: MAX_MESSAGE_BYTES };
  }

  /** One stream a protocol: what is still on an earlier one would come out of order. */
  #replace(peer: Peer, protocol: string, stream: Stream): void {
    const ofPeer = this.#inbound.get(peer) ?? new Map<string, Stream>();
    this.#inbound.set(peer, ofPeer);
    const earlier = ofPeer.get(protocol);
    ofPeer.set(protocol, stream);
    earlier?.abort(new StreamUnwantedError('a newer one of its protocol is there'));
  }

  #receive(peer: Peer, protocol: string, payload: Uint8Array): void {
    const { metrics, scheduler } = this.#ports;
    const channel = `direct:${protocol}`;
    metrics.received(peer.name, channel, payload.length);
    const handler = this.#ports.handler(protocol);
    if (handler === undefined) {
      metrics.dropped(peer.name, channel, 'noHandler');
      this.#ports.blame(peer, UNWANTED_POINTS, 'direct: nobody listens to it');
      return;
    }
    try {
      handler(peer.name, payload);
    } catch (error) {
      // The caller's fault, which must not cost what comes behind it.
      scheduler.soon(() => {
        throw error;
      });
    }
  }

  #onInvalid(peer: Peer, stream: Stream, error: unknown): void {
    const isExcusable = error instanceof InvalidFrameError && error.facts.excusable;
    const reason = error instanceof Error ? error.message : 'invalid';
    stream.abort(new StreamUnwantedError(reason));
    this.#ports.blame(peer, isExcusable ? OVERSIZED_POINTS : MALFORMED_POINTS, `direct: ${reason}`);
  }
}

/** Rejects when the peer is not connected, or does not take the stream. */
export function openStream(peer: Peer, protocol: string): Promise<Stream> {
  const { connection } = peer;
  if (connection === null) return Promise.reject(new StreamUnwantedError('the connection is closed'));
  return connection.newStream([protocol]);
}
