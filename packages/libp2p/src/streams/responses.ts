import {
  MAX_ANSWER_BYTES,
  MAX_MESSAGE_BYTES,
  MAX_QUEUED_BYTES,
  MAX_SERVED_REQUESTS_PER_PEER,
  type RequestHandler,
  type TransportMetrics,
} from '@heddle/network';
import { concatBytes, EMPTY_BYTES } from '@heddle/primitives';
import type { Scheduler } from '@heddle/runtime';
import type { Stream } from '@libp2p/interface';
import { ByteRoom } from '../byte-room.ts';
import { StreamUnwantedError } from '../errors.ts';
import { exactly, frameHeader } from '../frames.ts';
import {
  MALFORMED_POINTS,
  MAX_NAME_BYTES,
  MAX_OUTSIDER_FRAME_BYTES,
  OVERSIZED_POINTS,
  TRANSFER_TIMEOUT_MS,
  WRITE_BYTES,
} from '../limits.ts';
import type { Peer } from '../peers/peer.ts';
import type { Peers } from '../peers/peers.ts';
import { FrameSource } from './frame-source.ts';
import { writeStream } from './read-stream.ts';
import { ANSWER_STATUSES, type AnswerStatus } from './requests.ts';

export interface ResponsePorts {
  readonly scheduler: Scheduler;
  readonly metrics: TransportMetrics;
  readonly peers: Pick<Peers, 'isValidator'>;
  handler(protocol: string): RequestHandler | undefined;
  blame(peer: Peer, points: number, reason: string): void;
}

interface Served {
  /** Requests that are read or answered. */
  requests: number;
  /** Bytes of answers on the way. */
  readonly answers: ByteRoom;
}

/** What others ask of this node, bounded a peer and, the answers, in all. */
export class Responses {
  readonly #ports: ResponsePorts;
  readonly #answers = new ByteRoom(MAX_ANSWER_BYTES, null);
  readonly #served = new Map<Peer, Served>();
  #isOpen = true;

  constructor(ports: ResponsePorts) {
    this.#ports = ports;
  }

  /** Bytes of answers on the way. */
  get answerBytes(): number {
    return this.#answers.heldBytes;
  }

  async accept(stream: Stream, peer: Peer): Promise<void> {
    if (peer.isBlocked) {
      stream.abort(new StreamUnwantedError('the peer is blocked'));
      return;
    }
    const served = this.#servedTo(peer);
    served.requests += 1;
    const tooSlow = (): void => stream.abort(new StreamUnwantedError('the request or its answer takes too long'));
    let cancelTimeout = this.#ports.scheduler.after(TRANSFER_TIMEOUT_MS, tooSlow);
    try {
      const [protocol, payload] = await this.#read(stream, peer);
      cancelTimeout();
      const [status, answer] = await this.#answer(peer, served, protocol, payload);
      if (!this.#isOpen) return;
      cancelTimeout = this.#ports.scheduler.after(TRANSFER_TIMEOUT_MS, tooSlow);
      await this.#write(stream, peer, served, protocol, status, answer);
    } catch {
      stream.abort(new StreamUnwantedError('the request can not be read'));
    } finally {
      cancelTimeout();
      served.requests -= 1;
      // A peer that is gone leaves nothing behind.
      if (served.requests === 0) this.#served.delete(peer);
    }
  }

  close(): void {
    this.#isOpen = false;
  }

  #servedTo(peer: Peer): Served {
    const known = this.#served.get(peer);
    if (known !== undefined) return known;
    const served: Served = { requests: 0, answers: new ByteRoom(MAX_QUEUED_BYTES, this.#answers) };
    this.#served.set(peer, served);
    return served;
  }

  async #read(stream: Stream, peer: Peer): Promise<readonly [protocol: string, payload: Uint8Array]> {
    peer.reads(stream);
    const frames = new FrameSource(stream, {
      limits: [
        () => exactly(MAX_NAME_BYTES),
        () =>
          this.#ports.peers.isValidator(peer)
            ? exactly(MAX_MESSAGE_BYTES)
            : { bytes: MAX_OUTSIDER_FRAME_BYTES, honestBytes: MAX_MESSAGE_BYTES },
      ],
      take: (bytes) => peer.partial.take(bytes),
      release: (bytes) => peer.partial.release(bytes),
      invalid: ({ facts, message }) =>
        this.#ports.blame(peer, facts.excusable ? OVERSIZED_POINTS : MALFORMED_POINTS, `request: ${message}`),
    });
    const protocol = new TextDecoder().decode(await frames.next());
    return [protocol, await frames.next()];
  }

  async #answer(
    peer: Peer,
    served: Served,
    protocol: string,
    payload: Uint8Array,
  ): Promise<readonly [AnswerStatus, Uint8Array]> {
    const { metrics } = this.#ports;
    metrics.received(peer.name, `request:${protocol}`, payload.length);
    const handler = this.#ports.handler(protocol);
    if (handler === undefined || !this.#isOpen) return ['noHandler', EMPTY_BYTES];
    if (served.requests > MAX_SERVED_REQUESTS_PER_PEER) return ['busy', EMPTY_BYTES];
    try {
      const answer = await handler(peer.name, payload);
      return answer.length > MAX_MESSAGE_BYTES ? ['tooLarge', EMPTY_BYTES] : ['answered', answer];
    } catch (error) {
      metrics.handlerFailed(protocol, error);
      return ['handlerFailed', EMPTY_BYTES];
    }
  }

  async #write(
    stream: Stream,
    peer: Peer,
    served: Served,
    protocol: string,
    wanted: AnswerStatus,
    answer: Uint8Array,
  ): Promise<void> {
    const { metrics } = this.#ports;
    const channel = `response:${protocol}`;
    const hasRoom = served.answers.take(answer.length);
    if (!hasRoom) metrics.dropped(peer.name, channel, 'queueFull');
    const status = hasRoom ? wanted : 'busy';
    try {
      metrics.sent(peer.name, channel, hasRoom ? answer.length : 0);
      const code = Uint8Array.of(ANSWER_STATUSES.indexOf(status));
      const head = concatBytes(frameHeader(1), code);
      stream.send(status === 'answered' ? concatBytes(head, frameHeader(answer.length)) : head);
      if (status === 'answered') await writeStream(stream, new Uint8Array(answer), WRITE_BYTES);
      await stream.close();
    } finally {
      if (hasRoom) served.answers.release(answer.length);
    }
  }
}
