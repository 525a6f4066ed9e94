import {
  bigintToBytes,
  blsProvePossession,
  blsPublicKey,
  concatBytes,
  keccak256,
  utf8ToBytes,
} from '@heddle/primitives';

/** Gas of one change of the registry, events included. */
export const REGISTRY_GAS = 400_000n;

/** Call data that registers the validator with this key. */
export function registerCall(secretKey: Uint8Array): Uint8Array {
  return registerEntryCall(blsPublicKey(secretKey), blsProvePossession(secretKey));
}

/** The same with any bytes. */
export function registerEntryCall(publicKey: Uint8Array, proof: Uint8Array): Uint8Array {
  const key = dynamic(publicKey);
  const offsets = concatBytes(word(64n), word(64n + BigInt(key.length)));
  return concatBytes(selector('register(bytes,bytes)'), offsets, key, dynamic(proof));
}

export function removeCall(index: number): Uint8Array {
  return concatBytes(selector('remove(uint256)'), word(BigInt(index)));
}

function selector(signature: string): Uint8Array {
  return keccak256(utf8ToBytes(signature)).subarray(0, 4);
}

function word(value: bigint): Uint8Array {
  return bigintToBytes(value, 32);
}

function dynamic(bytes: Uint8Array): Uint8Array {
  const padding = new Uint8Array((32 - (bytes.length % 32)) % 32);
  return concatBytes(word(BigInt(bytes.length)), bytes, padding);
}
