import type { PeerId, Transport, TransportMetrics } from '@heddle/network';
import type { Clock, Random, Scheduler } from '@heddle/runtime';
import type { Hash } from '@heddle/types';
import type { NetworkIdentity } from './hello.ts';
import type { Libp2pLimits } from './limits.ts';
import type { Libp2pObserver } from './observer.ts';
import type { Ban } from './peers/bans.ts';
import type { PeerFile } from './peers/kept.ts';
import type { KnownValidators } from './peers/peers.ts';

export interface Libp2pTransportOptions {
  /** An ed25519 private key in libp2p's protobuf form: the peer id follows from it. */
  readonly networkKey: Uint8Array;
  /** Null for a node without a validator key: it is called by its peer id. */
  readonly identity: NetworkIdentity | null;
  /** Nodes of another chain are refused. */
  readonly genesisHash: Hash;
  readonly validators: KnownValidators;
  /** Multiaddresses such as /ip4/0.0.0.0/tcp/30300; none: nobody can dial this node. */
  readonly listen: readonly string[];
  /** Where others can dial this node, if not where it listens. */
  readonly external: readonly string[];
  /** Multiaddresses with peer ids, dialled whenever they are not connected. */
  readonly bootnodes: readonly string[];
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly metrics: TransportMetrics;
  readonly observer: Libp2pObserver;
  readonly limits: Libp2pLimits;
  /** Where bans and addresses of peers are kept over a restart. */
  readonly peerFile: PeerFile;
}

/** A connected peer, for people. */
export interface PeerInfo {
  readonly name: PeerId;
  readonly peerId: string;
  /** Of its first connection. */
  readonly address: string;
  readonly direction: 'inbound' | 'outbound';
  /** A validator that is known. */
  readonly isValidator: boolean;
  readonly isBlocked: boolean;
  /** Bytes that wait for it. */
  readonly queuedBytes: number;
}

/** What is held in memory now, in bytes, and how many connections there are. */
export interface Libp2pFootprint {
  readonly queuedBytes: number;
  readonly partialBytes: number;
  readonly answerBytes: number;
  readonly connections: number;
}

/** A transport over libp2p, and what its operator may ask and do. */
export interface Libp2pTransport extends Transport {
  readonly peerId: string;
  /** Where it can be dialled, with its peer id; empty while it does not run. */
  addresses(): readonly string[];
  peerInfos(): readonly PeerInfo[];
  footprint(): Libp2pFootprint;
  /** Dials an address from now on, as a bootnode. Throws InvalidAddressError. */
  addBootnode(address: string): void;
  /** Disconnects and does not let in again until the ban ends. A peer id, an address, or the name of a connected peer. */
  ban(subject: string, reason: string): void;
  pardon(subject: string): void;
  bans(): readonly Ban[];
}
