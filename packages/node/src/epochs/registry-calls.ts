import { REGISTRY_ADDRESS } from '@heddle/contracts';
import { bigintToBytes, concatBytes, hexToBytes } from '@heddle/primitives';
import { type Address, functionSelector, type Validator } from '@heddle/types';

/** What the owner of the registry sends to change it. */
export interface RegistryCall {
  readonly to: Address;
  readonly data: Uint8Array;
  readonly gasLimit: bigint;
}

const WORD_BYTES = 32;
/** Seven new storage words at most, 22,100 gas each, an event, and the call data. */
const CALL_GAS = 400_000n;

/** Enters a validator. The contract checks lengths only; a bad proof is skipped when a set is read. */
export function registerCall({ publicKey, proofOfPossession }: Validator): RegistryCall {
  const key = dynamic(publicKey);
  const offsets = concatBytes(word(64n), word(64n + BigInt(key.length)));
  return call(concatBytes(selector('register(bytes,bytes)'), offsets, key, dynamic(proofOfPossession)));
}

/** Takes an entry out; the last one takes its place. */
export function removeCall(index: number): RegistryCall {
  return call(concatBytes(selector('remove(uint256)'), word(BigInt(index))));
}

function call(data: Uint8Array): RegistryCall {
  return { to: REGISTRY_ADDRESS, data, gasLimit: CALL_GAS };
}

function selector(signature: string): Uint8Array {
  return hexToBytes(functionSelector(signature));
}

function word(value: bigint): Uint8Array {
  return bigintToBytes(value, WORD_BYTES);
}

/** Length, then the bytes in whole words. */
function dynamic(bytes: Uint8Array): Uint8Array {
  const padding = new Uint8Array((WORD_BYTES - (bytes.length % WORD_BYTES)) % WORD_BYTES);
  return concatBytes(word(BigInt(bytes.length)), bytes, padding);
}
