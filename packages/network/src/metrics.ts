import type { PeerId } from './transport.ts';

/** Why a message was not delivered. 'injected' is a fault switch of the memory hub. */
export type DropReason =
  | 'stopped'
  | 'notConnected'
  | 'disconnected'
  | 'queueFull'
  | 'tooLarge'
  | 'noHandler'
  | 'injected';

/** What a transport reports. `channel` is `direct:<protocol>`, `gossip:<topic>`, `request:<protocol>` or `response:<protocol>`. */
export interface TransportMetrics {
  sent(peer: PeerId, channel: string, bytes: number): void;
  received(peer: PeerId, channel: string, bytes: number): void;
  /** Counted where it happens: by the sender, or by the receiver for 'noHandler'. */
  dropped(peer: PeerId, channel: string, reason: DropReason): void;
  /** A gossip message that had been seen before. */
  duplicate(topic: string): void;
  /** A request handler failed; the requester only learns that it did. */
  handlerFailed(protocol: string, error: unknown): void;
}

/** Reports to nobody. */
export const silentMetrics: TransportMetrics = {
  sent: () => undefined,
  received: () => undefined,
  dropped: () => undefined,
  duplicate: () => undefined,
  handlerFailed: () => undefined,
};
