import { isIP } from 'node:net';
import type { PeerId as Libp2pPeerId } from '@libp2p/interface';
import { peerIdFromString } from '@libp2p/peer-id';
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr';
import { InvalidAddressError } from '../errors.ts';

/** Where a connection comes from. */
export interface Origin {
  /** IP address; empty for a transport without one. */
  readonly address: string;
  readonly subnet: string;
}

/** Throws InvalidAddressError. */
export function parseAddress(text: string): Multiaddr {
  try {
    return multiaddr(text);
  } catch (error) {
    throw new InvalidAddressError(text, error instanceof Error ? error.message : 'it can not be read');
  }
}

/** The address as far as a peer may tell it: TCP over IP or DNS, with nothing behind it. Null for everything else. */
export function dialableAddress(text: string): Multiaddr | null {
  try {
    const address = multiaddr(text);
    const names = address.getComponents().map(({ name }) => name);
    const isDialable = /^(ip4|ip6|dns|dns4|dns6)$/.test(names[0] ?? '') && names[1] === 'tcp' && names.length === 2;
    return isDialable ? address : null;
  } catch {
    return null;
  }
}

/** The peer id that an address ends with; null without one. */
export function peerIdOf(address: Multiaddr): string | null {
  return address.getComponents().findLast(({ name }) => name === 'p2p')?.value ?? null;
}

/** A multiaddress without the peer id that it ends with. */
export function withoutPeerId(address: string): string {
  return address.replace(/\/p2p\/[^/]+$/, '');
}

/** Null for what is no peer id. */
export function parsePeerId(text: string): Libp2pPeerId | null {
  try {
    return peerIdFromString(text);
  } catch {
    return null;
  }
}

export function originOf(remote: Multiaddr): Origin {
  const host = remote.getComponents().find(({ name }) => name === 'ip4' || name === 'ip6')?.value ?? '';
  const address = host.toLowerCase().replace(/^::ffff:(?=\d+\.)/, '');
  return { address, subnet: subnetOf(address) };
}

/** /24 of IPv4, /48 of IPv6: what one owner has at least. */
function subnetOf(address: string): string {
  if (isIP(address) === 4) return address.split('.').slice(0, 3).join('.');
  return isIP(address) === 6 ? expandedGroups(address).slice(0, 3).join(':') : address;
}

function expandedGroups(address: string): readonly string[] {
  const [head = '', tail = ''] = address.split('::');
  const first = head === '' ? [] : head.split(':');
  const last = tail === '' ? [] : tail.split(':');
  const zeros = address.includes('::') ? Array.from({ length: 8 - first.length - last.length }, () => '0') : [];
  return [...first, ...zeros, ...last].map((group) => Number.parseInt(group, 16).toString(16));
}

/** Loopback, link-local and private ranges: an address in one means another machine elsewhere. */
export function isPrivate(address: string): boolean {
  if (isIP(address) === 4) return /^(0|10|127|169\.254|192\.168|172\.(1[6-9]|2\d|3[01]))\./.test(address);
  return isIP(address) === 6 && /^(::1?$|f[cd]|fe[89ab])/.test(address);
}

/** The host of a dialable address: IP address or name. */
export function hostOf(address: Multiaddr): string {
  return address.getComponents()[0]?.value ?? '';
}
