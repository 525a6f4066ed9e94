import { BLS_PUBLIC_KEY_BYTES, bytesToHex } from '@heddle/primitives';
import type { PeerId } from './transport.ts';

const PREFIX = 'validator-';
const NAME = new RegExp(`^${PREFIX}[0-9a-f]{${2 * BLS_PUBLIC_KEY_BYTES}}$`);

/**
 * The identity of a validator on every transport: its whole public key, since of a part of it others can be made. Tied to
 * the key: a validator's index changes from one set to the next.
 */
export function peerOf(publicKey: Uint8Array): PeerId {
  return `${PREFIX}${bytesToHex(publicKey).slice(2)}`;
}

/** Whether an identity is that of a node with a validator's key, in whatever set that key may be. */
export function isValidatorName(peer: PeerId): boolean {
  return NAME.test(peer);
}
