import { bytesToHex, concatBytes, encodeRlp, encodeUint, hexToBytes, keccak256 } from '@heddle/primitives';
import type { Address } from '@heddle/types';

/* Small programs in bytecode. An address argument is the first word of the call data. */

/** Sends the call value to the argument, stores whether that succeeded in slot 0, returns what came back. */
export const FORWARDER: Uint8Array = hexToBytes('0x5f5f5f5f345f355af15f553d5f5f3e3d5ff3');
/** Counts its calls in slot 0 and logs topic 42. */
export const COUNTER: Uint8Array = hexToBytes('0x5f546001015f55602a5f5fa100');
/** Reverts. */
export const REVERTER: Uint8Array = hexToBytes('0x5f5ffd');
/** Creates a contract from the call data as init code, with the call value; returns its address. */
export const FACTORY: Uint8Array = hexToBytes('0x365f5f37365f34f05f5260205ff3');
/** Self-destructs to the argument. */
export const DESTROYER: Uint8Array = hexToBytes('0x5f35ff');
/** Sends half of the call value back to its caller. */
export const REFUNDER: Uint8Array = hexToBytes('0x5f5f5f5f3460011c335af100');
/** Calls the argument without value, with DELEGATECALL; returns what came back. */
export const DELEGATOR: Uint8Array = hexToBytes('0x5f5f5f5f5f355af43d5f5f3e3d5ff3');
/** Stores EXTCODESIZE and BALANCE of the argument in slots 0 and 1, CALLER and ORIGIN in 2 and 3, BASEFEE in 4. */
export const OBSERVER: Uint8Array = hexToBytes('0x5f353b5f555f3531600155336002553260035548600455');

/** Stores 1 in slot 0, logs, and calls the argument, whatever comes of that. */
export const CAREFUL: Uint8Array = hexToBytes('0x60015f555f5fa05f5f5f5f5f5f355af100');

/** Init code that returns `runtime`, which is at most 255 bytes. */
export function initCodeOf(runtime: Uint8Array): Uint8Array {
  const length = runtime.length;
  return concatBytes(Uint8Array.of(0x60, length, 0x60, 0x0a, 0x5f, 0x39, 0x60, length, 0x5f, 0xf3), runtime);
}

/** An address as call data. */
export function wordOf(address: Address): Uint8Array {
  return concatBytes(new Uint8Array(12), hexToBytes(address));
}

/** Address that `creator` gives its creation number `nonce`. */
export function creationAddress(creator: Address, nonce: bigint): Address {
  return bytesToHex(keccak256(encodeRlp([hexToBytes(creator), encodeUint(nonce)])).subarray(12));
}
