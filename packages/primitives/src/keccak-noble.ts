import { keccak_256 } from '@noble/hashes/sha3.js';

/** keccak256 in JavaScript: the oracle of the tests, and what runs where WebAssembly does not. */
export function keccak256Noble(bytes: Uint8Array): Uint8Array {
  return keccak_256(bytes);
}
