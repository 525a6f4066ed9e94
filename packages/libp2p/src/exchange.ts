import { decodeItem, encodeRlp, FieldReader, utf8ToBytes } from '@heddle/primitives';
import type { Multiaddr } from '@multiformats/multiaddr';
import { addressText, refusal } from './hello.ts';
import { MAX_ADDRESSES_PER_PEER, MAX_EXCHANGE_BYTES, MAX_EXCHANGED_PEERS } from './limits.ts';
import { dialableAddress, hostOf, isPrivate, originOf, parseAddress, parsePeerId } from './peers/addresses.ts';

/** Among the node's own protocols of requests. */
export const EXCHANGE_PROTOCOL = '/heddle/peers/1';

/** A peer and where it says that it can be dialled. */
export interface KnownPeer {
  readonly peerId: string;
  readonly addresses: readonly string[];
}

/** As many as fit. */
export function encodeKnownPeers(peers: Iterable<KnownPeer>): Uint8Array {
  const items: [Uint8Array, Uint8Array[]][] = [];
  let bytes = 0;
  for (const { peerId, addresses } of peers) {
    bytes += peerId.length + addresses.reduce((sum, address) => sum + address.length + 3, 16);
    if (items.length >= MAX_EXCHANGED_PEERS || bytes > MAX_EXCHANGE_BYTES) break;
    items.push([utf8ToBytes(peerId), addresses.map(utf8ToBytes)]);
  }
  return encodeRlp([items]);
}

/** Throws InvalidFrameError. */
export function decodeKnownPeers(bytes: Uint8Array): readonly KnownPeer[] {
  const list = new FieldReader(refusal, 'peers', decodeItem(refusal, 'peers', bytes), 1);
  return list.list('peers', MAX_EXCHANGED_PEERS).map((item) => {
    const reader = new FieldReader(refusal, 'peer', item, 2);
    const peerId = addressText(reader);
    if (parsePeerId(peerId) === null) throw refusal('peer', 'its id is none');
    const addresses = reader.values('addresses', MAX_ADDRESSES_PER_PEER, (values) => addressText(values));
    return { peerId, addresses };
  });
}

/**
 * The addresses that are worth a dial when a peer at `informer` names them: private ones only from somebody who is there
 * too, or this node would knock at doors of its own network for strangers.
 */
export function credibleAddresses(addresses: readonly string[], informer: string): readonly Multiaddr[] {
  const isNear = informer !== '' && isPrivate(originOf(parseAddress(informer)).address);
  return addresses.flatMap((text) => {
    const address = dialableAddress(text);
    return address === null || (isPrivate(hostOf(address)) && !isNear) ? [] : [address];
  });
}
