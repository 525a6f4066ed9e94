import {
  MAX_MESSAGE_BYTES,
  MAX_PENDING_REQUESTS_PER_PEER,
  type PeerId,
  RequestFailedError,
  type RequestFailure,
  type TransportMetrics,
} from '@heddle/network';
import { concatBytes, EMPTY_BYTES, utf8ToBytes } from '@heddle/primitives';
import type { Scheduler } from '@heddle/runtime';
import type { Stream } from '@libp2p/interface';
import { StreamUnwantedError } from '../errors.ts';
import { exactly, frameHeader } from '../frames.ts';
import { MALFORMED_POINTS, WRITE_BYTES } from '../limits.ts';
import type { Peer } from '../peers/peer.ts';
import type { Peers } from '../peers/peers.ts';
import { openStream } from './direct-streams.ts';
import { FrameSource } from './frame-source.ts';
import { writeStream } from './read-stream.ts';

export const REQUEST_PROTOCOL = '/heddle/request/1';

/** What the first byte of an answer says; the answer itself follows the first. Places are on the wire: append only. */
export const ANSWER_STATUSES = ['answered', 'noHandler', 'handlerFailed', 'busy', 'tooLarge'] as const;
export type AnswerStatus = (typeof ANSWER_STATUSES)[number];

export interface RequestPorts {
  readonly scheduler: Scheduler;
  readonly metrics: TransportMetrics;
  readonly peers: Pick<Peers, 'byName'>;
  blame(peer: Peer, points: number, reason: string): void;
}

interface Pending {
  fail(reason: RequestFailure): void;
}

/** What this node asks of others: a stream for each request, so that none waits for another. */
export class Requests {
  readonly #ports: RequestPorts;
  readonly #pending = new Map<Peer, Set<Pending>>();

  constructor(ports: RequestPorts) {
    this.#ports = ports;
  }

  /** Rejects with RequestFailedError. `payload` must not change afterwards. */
  ask(to: PeerId, protocol: string, payload: Uint8Array, timeoutMs: number): Promise<Uint8Array> {
    const peer = this.#ports.peers.byName(to);
    const refusal = this.#refusal(peer, payload);
    if (peer === null || refusal !== null) {
      return Promise.reject(new RequestFailedError(to, protocol, refusal ?? 'notConnected'));
    }
    const ofPeer = this.#pending.get(peer) ?? new Set<Pending>();
    this.#pending.set(peer, ofPeer);
    this.#ports.metrics.sent(peer.name, `request:${protocol}`, payload.length);
    return new Promise((resolve, reject) => {
      let stream: Stream | null = null;
      const settled = (): boolean => {
        cancelTimeout();
        return !ofPeer.delete(pending);
      };
      const pending: Pending = {
        fail: (reason) => {
          if (settled()) return;
          stream?.abort(new StreamUnwantedError('nobody waits for the answer'));
          reject(new RequestFailedError(to, protocol, reason));
        },
      };
      const cancelTimeout = this.#ports.scheduler.after(timeoutMs, () => pending.fail('timeout'));
      ofPeer.add(pending);
      const opened = (own: Stream): boolean => {
        stream = own;
        return ofPeer.has(pending);
      };
      this.#exchange(peer, protocol, payload, opened).then(
        (answer) => {
          if (answer instanceof Uint8Array) {
            if (!settled()) resolve(answer);
          } else pending.fail(answer);
        },
        () => pending.fail('disconnected'),
      );
    });
  }

  /** It is no peer any more. */
  forget(peer: Peer): void {
    this.#failAll(peer, 'disconnected');
    this.#pending.delete(peer);
  }

  close(): void {
    for (const peer of this.#pending.keys()) this.#failAll(peer, 'stopped');
    this.#pending.clear();
  }

  #refusal(peer: Peer | null, payload: Uint8Array): RequestFailure | null {
    if (peer === null) return 'notConnected';
    if ((this.#pending.get(peer)?.size ?? 0) >= MAX_PENDING_REQUESTS_PER_PEER) return 'busy';
    return payload.length > MAX_MESSAGE_BYTES ? 'tooLarge' : null;
  }

  #failAll(peer: Peer, reason: RequestFailure): void {
    for (const pending of [...(this.#pending.get(peer) ?? [])]) pending.fail(reason);
  }

  /** `opened`: whether the answer is still waited for. */
  async #exchange(
    peer: Peer,
    protocol: string,
    payload: Uint8Array,
    opened: (stream: Stream) => boolean,
  ): Promise<Uint8Array | RequestFailure> {
    const stream = await openStream(peer, REQUEST_PROTOCOL);
    if (!opened(stream)) {
      stream.abort(new StreamUnwantedError('nobody waits for the answer'));
      return 'timeout';
    }
    // The answer was asked for: what all of them may hold is bounded by whoever asks.
    const frames = new FrameSource(stream, {
      limits: [() => exactly(1), () => exactly(MAX_MESSAGE_BYTES)],
      take: () => true,
      release: () => undefined,
      invalid: (error) => this.#ports.blame(peer, MALFORMED_POINTS, `answer: ${error.message}`),
    });
    const name = utf8ToBytes(protocol);
    stream.send(concatBytes(frameHeader(name.length), name, frameHeader(payload.length)));
    await writeStream(stream, payload, WRITE_BYTES);
    const answer = await this.#answer(peer, protocol, frames);
    void stream.close().catch(() => undefined);
    return answer;
  }

  async #answer(peer: Peer, protocol: string, frames: FrameSource): Promise<Uint8Array | RequestFailure> {
    const [code] = await frames.next();
    const status = ANSWER_STATUSES[code ?? ANSWER_STATUSES.length];
    if (status === undefined) {
      this.#ports.blame(peer, MALFORMED_POINTS, 'answer: of no kind');
      return 'disconnected';
    }
    const payload = status === 'answered' ? await frames.next() : EMPTY_BYTES;
    this.#ports.metrics.received(peer.name, `response:${protocol}`, payload.length);
    return status === 'answered' ? payload : status;
  }
}
