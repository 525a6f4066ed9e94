import type { Hash } from '@heddle/types';
import type { Deed } from './tally.ts';

/** What attackers are told: plain data, for they run in a process of their own. */
export interface Orders {
  /** Multiaddresses with peer ids of the validators that are attacked. */
  readonly targets: readonly string[];
  readonly genesisHash: Hash;
  /** The folder of a validator whose keys have been stolen. */
  readonly stolen: string;
  readonly messages: number;
  /** Messages a second. */
  readonly rate: number;
  readonly seed: number;
}

/** What they tell when they are done. */
export interface AttackReport {
  readonly deeds: readonly Deed[];
  /** Connections that say nothing, or not enough, were all closed by the other side. */
  readonly isClosed: { readonly crowd: boolean; readonly halfOpen: boolean };
}

/** The host and port of a multiaddress over TCP. */
export function socketAddressOf(address: string): { readonly host: string; readonly port: number } {
  const [, host = '', port = ''] = /^\/ip4\/([^/]+)\/tcp\/(\d+)/.exec(address) ?? [];
  return { host, port: Number(port) };
}

/** Of loopback, far from the address that honest nodes have: each is one machine to whoever counts connections. */
export function loopbackAddress(number: number): string {
  return `127.${1 + (Math.floor(number / 62_500) % 250)}.${1 + (Math.floor(number / 250) % 250)}.${1 + (number % 250)}`;
}
