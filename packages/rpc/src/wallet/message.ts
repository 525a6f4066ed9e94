import type { Hex } from '@heddle/primitives';
import { bigintToBytes, bytesToHex, concatBytes, keccak256, signDigest, utf8ToBytes } from '@heddle/primitives';

/** EIP-191, version 0x45: what personal_sign and eth_sign put before the message, so that it can't be a transaction. */
export function personalMessageDigest(message: Uint8Array): Uint8Array {
  const prefix = utf8ToBytes(`\x19Ethereum Signed Message:\n${message.length}`);
  return keccak256(concatBytes(prefix, message));
}

/** r ‖ s ‖ v, 65 bytes, v being 27 or 28. */
export function signatureOf(digest: Uint8Array, privateKey: Uint8Array): Hex {
  const { r, s, yParity } = signDigest(digest, privateKey);
  return bytesToHex(concatBytes(bigintToBytes(r, 32), bigintToBytes(s, 32), Uint8Array.of(27 + yParity)));
}
