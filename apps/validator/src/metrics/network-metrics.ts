import type { TransportMetrics } from '@heddle/network';
import { Counter, type Registry } from 'prom-client';
import { MAX_METRIC_CHANNELS } from '../limits.ts';

const LABELS = ['channel'] as const;

/** What a transport reports, by channel. Peers are left out: their number is up to them. */
export function networkMetrics(registry: Registry): TransportMetrics {
  const registers = [registry];
  const counter = (name: string, help: string): Counter<'channel'> =>
    new Counter({ name: `heddle_network_${name}_total`, help, labelNames: LABELS, registers });
  const sent = counter('sent_messages', 'Messages that left for a peer');
  const sentBytes = counter('sent_bytes', 'Bytes of messages that left for a peer');
  const received = counter('received_messages', 'Messages that came from a peer');
  const receivedBytes = counter('received_bytes', 'Bytes of messages that came from a peer');
  const duplicates = counter('duplicate_messages', 'Gossip messages that had come before');
  const failures = counter('failed_answers', 'Requests of peers that this node failed to answer');
  const dropped = new Counter({
    name: 'heddle_network_dropped_messages_total',
    help: 'Messages that were not delivered, by reason',
    labelNames: ['channel', 'reason'],
    registers,
  });
  const channels = new BoundedLabels(MAX_METRIC_CHANNELS);
  return {
    sent: (_peer, name, bytes) => {
      const channel = channels.label(name);
      sent.inc({ channel });
      sentBytes.inc({ channel }, bytes);
    },
    received: (_peer, name, bytes) => {
      const channel = channels.label(name);
      received.inc({ channel });
      receivedBytes.inc({ channel }, bytes);
    },
    dropped: (_peer, name, reason) => dropped.inc({ channel: channels.label(name), reason }),
    duplicate: (topic) => duplicates.inc({ channel: channels.label(`gossip:${topic}`) }),
    handlerFailed: (protocol) => failures.inc({ channel: channels.label(`request:${protocol}`) }),
  };
}

/** Names that may come from outside, as values of a label: each new one costs memory for good. */
class BoundedLabels {
  readonly #limit: number;
  readonly #known = new Set<string>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  label(name: string): string {
    if (this.#known.has(name)) return name;
    if (this.#known.size >= this.#limit) return 'other';
    this.#known.add(name);
    return name;
  }
}
