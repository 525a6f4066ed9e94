import type { PeerId } from '@heddle/network';
import { bytesToHex } from '@heddle/primitives';

/** Bytes of the key in the name: more than anyone can find a second key for. */
const NAME_KEY_BYTES = 8;
const NAME = /^validator-[0-9a-f]{16}$/;

/** The identity of a validator on the transport. Tied to its key: its index changes from one set to the next. */
export function peerOf(publicKey: Uint8Array): PeerId {
  return `validator-${bytesToHex(publicKey.subarray(0, NAME_KEY_BYTES)).slice(2)}`;
}

/** Whether an identity is that of a node with a validator's key, in whatever set that key may be. */
export function isValidatorName(peer: PeerId): boolean {
  return NAME.test(peer);
}
