import {
  type DropReason,
  type GossipHandler,
  gossipId,
  type PeerId,
  SeenMessages,
  type TransportMetrics,
  UNCONNECTED_AUTHOR,
} from '@heddle/network';
import { bigintToBytes, bytesToBigint, concatBytes } from '@heddle/primitives';
import type { Clock, Scheduler } from '@heddle/runtime';
import { type GossipSub, type Message, TopicValidatorResult } from '@libp2p/gossipsub';
import { GOSSIP_AGE_MS, MAX_GOSSIP_BYTES, MAX_GOSSIPED_PER_SECOND, UNWANTED_POINTS } from './limits.ts';
import type { Peer } from './peers/peer.ts';
import type { Peers } from './peers/peers.ts';

/** When it was published, wall clock in milliseconds, big-endian: before the payload. */
const TIME_BYTES = 8;
const WINDOW_MS = 1_000;

export interface GossipPorts {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly metrics: TransportMetrics;
  readonly peers: Pick<Peers, 'byId'>;
  handler(topic: string): GossipHandler | undefined;
  blame(author: Peer, points: number, reason: string): void;
  isBlocked(peer: PeerId): boolean;
}

/**
 * Gossipsub with signed messages: their author is known, whoever passed them on. Each bears its time and counts for a
 * minute, and gossipsub remembers it for longer: so a message goes round once, and nobody can send it round again. That
 * equal payloads published at once are handed over once is up to `SeenMessages`, as in memory.
 */
export class Gossip {
  readonly #pubsub: GossipSub;
  readonly #ports: GossipPorts;
  readonly #seen: SeenMessages;
  /** Messages in this second: of each connected author, and of all others by the peer that passed them on. */
  readonly #counts = new Map<string, number>();
  #isOpen = true;
  #isCounting = false;

  constructor(pubsub: GossipSub, ports: GossipPorts) {
    this.#pubsub = pubsub;
    this.#ports = ports;
    this.#seen = new SeenMessages(ports.scheduler);
    pubsub.addEventListener('message', ({ detail }) => this.#receive(detail));
  }

  subscribe(topic: string): void {
    this.#pubsub.topicValidators.set(topic, (via, message) => this.#judge(via.toString(), message));
    this.#pubsub.subscribe(topic);
  }

  /** Null if the message is on its way to whoever subscribes. */
  publish(topic: string, payload: Uint8Array): DropReason | null {
    if (payload.length > MAX_GOSSIP_BYTES) return 'tooLarge';
    // Not a duplicate here even if it was: whoever missed the first one gets this one.
    this.#seen.add(gossipId(topic, payload));
    const time = bigintToBytes(BigInt(Math.trunc(this.#ports.clock.wallMs())), TIME_BYTES);
    const data = concatBytes(time, payload);
    this.#pubsub.publish(topic, data).then(
      ({ recipients }) => {
        for (const peer of recipients)
          this.#ports.metrics.sent(this.#nameOf(peer.toString()), `gossip:${topic}`, data.length);
      },
      // Gossipsub has been stopped meanwhile.
      () => undefined,
    );
    return null;
  }

  close(): void {
    this.#isOpen = false;
    this.#seen.clear();
  }

  #nameOf(peerId: string): PeerId {
    return this.#ports.peers.byId(peerId)?.name ?? UNCONNECTED_AUTHOR;
  }

  /** Whether a message is handed over and passed on. Whoever passed on a bad one has not checked it: that counts too. */
  #judge(via: string, message: Message): TopicValidatorResult {
    if (message.type !== 'signed' || message.data.length < TIME_BYTES) return TopicValidatorResult.Reject;
    if (message.data.length > MAX_GOSSIP_BYTES + TIME_BYTES) return TopicValidatorResult.Reject;
    const author = this.#ports.peers.byId(message.from.toString());
    if (author !== null && this.#ports.isBlocked(author.name)) return TopicValidatorResult.Ignore;
    if (!this.#isWithinRate(author, via)) return TopicValidatorResult.Ignore;
    const publishedMs = Number(bytesToBigint(message.data.subarray(0, TIME_BYTES)));
    const isCurrent = Math.abs(this.#ports.clock.wallMs() - publishedMs) <= GOSSIP_AGE_MS;
    return isCurrent ? TopicValidatorResult.Accept : TopicValidatorResult.Ignore;
  }

  /** Whoever passes on the messages of many authors is at no fault, so that only an author is blamed. */
  #isWithinRate(author: Peer | null, via: string): boolean {
    if (!this.#isCounting) {
      this.#isCounting = true;
      this.#ports.scheduler.after(WINDOW_MS, () => {
        this.#isCounting = false;
        this.#counts.clear();
      });
    }
    const counted = author === null ? `via ${via}` : author.peerId;
    const count = (this.#counts.get(counted) ?? 0) + 1;
    this.#counts.set(counted, count);
    if (count <= MAX_GOSSIPED_PER_SECOND) return true;
    if (author !== null) this.#ports.blame(author, UNWANTED_POINTS, 'gossip: a flood');
    return false;
  }

  #receive(message: Message): void {
    if (!this.#isOpen || message.type !== 'signed') return;
    const { metrics, scheduler } = this.#ports;
    const { topic } = message;
    const from = this.#nameOf(message.from.toString());
    const payload = new Uint8Array(message.data.subarray(TIME_BYTES));
    metrics.received(from, `gossip:${topic}`, payload.length);
    const handler = this.#ports.handler(topic);
    if (handler === undefined) metrics.dropped(from, `gossip:${topic}`, 'noHandler');
    else if (!this.#seen.add(gossipId(topic, payload))) metrics.duplicate(topic);
    else {
      try {
        handler(from, payload);
      } catch (error) {
        // The caller's fault; gossipsub must not see it.
        scheduler.soon(() => {
          throw error;
        });
      }
    }
  }
}
