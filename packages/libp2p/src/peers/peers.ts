import { type PeerId, peerOf } from '@heddle/network';
import { equalBytes } from '@heddle/primitives';
import type { Connection } from '@libp2p/interface';
import { ByteRoom } from '../byte-room.ts';
import type { Refusal } from '../errors.ts';
import { type Hello, nameOf } from '../hello.ts';
import { type Libp2pLimits, MAX_PARTIAL_BYTES } from '../limits.ts';
import type { Bans } from './bans.ts';
import { Peer } from './peer.ts';

/** The validators that are known, which may be others in the next epoch. Asked anew each time. */
export interface KnownValidators {
  has(publicKey: Uint8Array): boolean;
}

export interface PeersPorts {
  /** This node's own validator key; null without one. */
  readonly ownKey: Uint8Array | null;
  readonly validators: KnownValidators;
  readonly limits: Libp2pLimits;
  readonly bans: Pick<Bans, 'has'>;
  /** Names that nothing is read of, also of peers that come later. */
  readonly blocked: ReadonlySet<PeerId>;
  connected(peer: Peer): void;
  disconnected(peer: Peer): void;
}

/** The peers that are connected and have said who they are. */
export class Peers {
  readonly #ports: PeersPorts;
  readonly #byId = new Map<string, Peer>();
  readonly #byName = new Map<PeerId, Peer>();
  readonly #partial = new ByteRoom(MAX_PARTIAL_BYTES, null);

  constructor(ports: PeersPorts) {
    this.#ports = ports;
  }

  get size(): number {
    return this.#byId.size;
  }

  /** Bytes of frames that have begun. */
  get partialBytes(): number {
    return this.#partial.heldBytes;
  }

  all(): Iterable<Peer> {
    return this.#byId.values();
  }

  names(): readonly PeerId[] {
    return [...this.#byName.keys()].sort();
  }

  byName(name: PeerId): Peer | null {
    return this.#byName.get(name) ?? null;
  }

  byId(peerId: string): Peer | null {
    return this.#byId.get(peerId) ?? null;
  }

  isValidator({ hello }: Pick<Peer, 'hello'>): boolean {
    return hello.proof !== null && this.#ports.validators.has(hello.proof.publicKey);
  }

  /** Why a node that says so of itself may not be a peer; null if it may. Its key is proven. */
  refusal(hello: Hello, peerId: string): Refusal | null {
    const { ownKey, bans, limits } = this.#ports;
    if (bans.has(peerId)) return 'banned';
    if (ownKey !== null && hello.proof !== null && equalBytes(ownKey, hello.proof.publicKey)) return 'ownKey';
    const namesake = hello.proof === null ? null : this.byName(peerOf(hello.proof.publicKey));
    if (namesake !== null && namesake.peerId !== peerId) return 'nameTaken';
    const isNewOutsider = !this.#byId.has(peerId) && !this.isValidator({ hello });
    return isNewOutsider && this.#outsiders() >= limits.maxOutsiders ? 'tooManyPeers' : null;
  }

  /** A connection of a node that may be a peer. */
  accept(hello: Hello, connection: Connection): Peer {
    const peerId = connection.remotePeer.toString();
    const known = this.#byId.get(peerId);
    if (known?.isSameRun(hello) === true) {
      known.add(connection);
      return known;
    }
    // It was started anew: what is left of its earlier run is dead, even if no packet has said so.
    if (known !== undefined) this.drop(known, 'it was started anew');
    const facts = { name: nameOf(hello, peerId), peerId, hello, partial: this.#partial, limits: this.#ports.limits };
    const peer = new Peer(facts);
    if (this.#ports.blocked.has(peer.name)) peer.block();
    peer.add(connection);
    this.#byId.set(peerId, peer);
    this.#byName.set(peer.name, peer);
    this.#ports.connected(peer);
    return peer;
  }

  /** A connection is closed. */
  closed(connection: Connection): void {
    const peer = this.#byId.get(connection.remotePeer.toString());
    if (peer?.connections.includes(connection) === true && peer.remove(connection)) this.#forget(peer);
  }

  drop(peer: Peer, reason: string): void {
    this.#forget(peer);
    peer.disconnect(reason);
  }

  #forget(peer: Peer): void {
    if (this.#byId.get(peer.peerId) !== peer) return;
    this.#byId.delete(peer.peerId);
    this.#byName.delete(peer.name);
    this.#ports.disconnected(peer);
  }

  #outsiders(): number {
    let count = 0;
    for (const peer of this.#byId.values()) if (!this.isValidator(peer)) count += 1;
    return count;
  }
}
