import { bytesToHex, type Hex } from './hex.ts';
import { keccak256Noble } from './keccak-noble.ts';
import { loadKeccak256Wasm } from './keccak-wasm.ts';

const implementation: (bytes: Uint8Array) => Uint8Array = (await loadKeccak256Wasm()) ?? keccak256Noble;

/** Ethereum's hash (Keccak with the original padding, not SHA3-256): 32 bytes, the caller's own. */
export function keccak256(bytes: Uint8Array): Uint8Array {
  return implementation(bytes);
}

/** keccak256 as lower-case hex. */
export function keccak256Hex(bytes: Uint8Array): Hex {
  return bytesToHex(implementation(bytes));
}
