import { isRecord } from '@heddle/primitives';
import { MAX_ADDRESSES_PER_PEER, MAX_BAN_REASON_CHARACTERS, MAX_KEPT_BANS, MAX_KEPT_PEERS } from '../limits.ts';
import { dialableAddress, parsePeerId } from './addresses.ts';

/** A ban as it outlasts the process. */
export interface KeptBan {
  readonly subject: string;
  readonly reason: string;
  /** Bans of this subject until now. */
  readonly count: number;
  /** By the wall clock: the monotonic one starts anew with the machine. */
  readonly untilWallMs: number;
}

/** Where a peer could be dialled, without its peer id in the addresses. */
export interface KeptPeer {
  readonly peerId: string;
  readonly addresses: readonly string[];
}

/** What a node knows of others that is of use after a restart. */
export interface KeptPeers {
  readonly bans: readonly KeptBan[];
  readonly peers: readonly KeptPeer[];
}

/** Where it is kept. Nothing depends on it: what can not be read or written is told to its owner, and left. */
export interface PeerFile {
  /** Null where there is none. */
  read(): string | null;
  write(text: string): void;
}

/** Nothing outlasts the process. */
export const NO_PEER_FILE: PeerFile = { read: () => null, write: () => undefined };

const VERSION = 1;
const NOTHING: KeptPeers = { bans: [], peers: [] };

export function encodeKeptPeers({ bans, peers }: KeptPeers): string {
  const kept = { version: VERSION, bans: bans.slice(-MAX_KEPT_BANS), peers: peers.slice(0, MAX_KEPT_PEERS) };
  return `${JSON.stringify(kept, null, 1)}\n`;
}

/** Null if it is none: somebody has changed it, or it is of another version. Single entries that are none are left out. */
export function decodeKeptPeers(text: string | null): KeptPeers | null {
  if (text === null) return NOTHING;
  const value = parsed(text);
  if (!isRecord(value) || value.version !== VERSION || !Array.isArray(value.bans) || !Array.isArray(value.peers))
    return null;
  const bans: readonly unknown[] = value.bans;
  const peers: readonly unknown[] = value.peers;
  return {
    bans: bans.flatMap(keptBan).slice(-MAX_KEPT_BANS),
    peers: peers.flatMap(keptPeer).slice(0, MAX_KEPT_PEERS),
  };
}

function keptBan(value: unknown): readonly KeptBan[] {
  if (!isRecord(value)) return [];
  const { subject, reason, count, untilWallMs } = value;
  if (typeof subject !== 'string' || typeof reason !== 'string') return [];
  if (!isCount(count) || !isCount(untilWallMs)) return [];
  return [{ subject, reason: reason.slice(0, MAX_BAN_REASON_CHARACTERS), count, untilWallMs }];
}

function keptPeer(value: unknown): readonly KeptPeer[] {
  if (!isRecord(value) || typeof value.peerId !== 'string' || parsePeerId(value.peerId) === null) return [];
  if (!Array.isArray(value.addresses)) return [];
  const addresses: readonly unknown[] = value.addresses;
  const dialable = addresses.filter(
    (address): address is string => typeof address === 'string' && dialableAddress(address) !== null,
  );
  return [{ peerId: value.peerId, addresses: dialable.slice(0, MAX_ADDRESSES_PER_PEER) }];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
