import { blsProvePossession, blsPublicKey } from '@heddle/primitives';
import { registerCall as registerValidator, removeCall as removeEntry } from '../../src/epochs/registry-calls.ts';

/** Gas of one change of the registry, events included. */
export const REGISTRY_GAS = 400_000n;

/** Call data that registers the validator with this key. */
export function registerCall(secretKey: Uint8Array): Uint8Array {
  return registerEntryCall(blsPublicKey(secretKey), blsProvePossession(secretKey));
}

/** The same with any bytes. */
export function registerEntryCall(publicKey: Uint8Array, proof: Uint8Array): Uint8Array {
  return registerValidator({ publicKey, proofOfPossession: proof }).data;
}

export function removeCall(index: number): Uint8Array {
  return removeEntry(index).data;
}
