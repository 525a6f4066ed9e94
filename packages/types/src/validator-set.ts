import { encodeRlp, keccak256Hex } from '@heddle/primitives';
import type { Validator } from './consensus.ts';
import type { Hash } from './ids.ts';

/** keccak256(rlp(list of public keys)), in the order of the set. */
export function hashValidators(validators: readonly Validator[]): Hash {
  return keccak256Hex(encodeRlp(validators.map((validator) => validator.publicKey)));
}
