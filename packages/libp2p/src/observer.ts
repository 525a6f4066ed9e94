import type { PeerId } from '@heddle/network';
import type { HandshakeFailedError } from './errors.ts';

/** Why a connection was not taken. */
export type ConnectionRefusal = 'banned' | 'perAddress' | 'perSubnet' | 'unproven';

/** What happens to connections and peers, for logs and metrics. What is sent and received goes to `TransportMetrics`. */
export interface Libp2pObserver {
  /** A connection was closed before anything was read of it. `address` without port. */
  connectionRefused(address: string, reason: ConnectionRefusal): void;
  handshakeFailed(error: HandshakeFailedError): void;
  /** A peer holds this node's validator key: it runs twice. */
  ownKeySeen(peerId: string): void;
  peerConnected(peer: PeerId, peerId: string, address: string): void;
  peerDisconnected(peer: PeerId, peerId: string): void;
  /** `untilMs` on the monotonic clock. */
  peerBanned(peerId: string, reason: string, untilMs: number): void;
  dialFailed(address: string, error: unknown): void;
  /** What was kept of peers can not be read, and is ignored: it begins anew. */
  keptPeersDamaged(): void;
}

/** Tells nobody. */
export const silentObserver: Libp2pObserver = {
  connectionRefused: () => undefined,
  handshakeFailed: () => undefined,
  ownKeySeen: () => undefined,
  peerConnected: () => undefined,
  peerDisconnected: () => undefined,
  peerBanned: () => undefined,
  dialFailed: () => undefined,
  keptPeersDamaged: () => undefined,
};
