import { assert } from '../assert.ts';
import { blake2bCompressJs } from './compress-js.ts';
import { loadBlake2bWasm } from './compress-wasm.ts';

/** State (64 bytes), message block (128) and offset counter (16), all of them little-endian words. */
export const BLAKE2B_INPUT_BYTES = 208;

export type Blake2bCompress = (input: Uint8Array, rounds: number, final: boolean) => Uint8Array;

const implementation: Blake2bCompress = loadBlake2bWasm() ?? blake2bCompressJs;

/**
 * The compression function F of BLAKE2b (RFC 7693, section 3.2) with any number of rounds below 2^32: the new state, 64
 * bytes, the caller's own. `final` marks the last block.
 */
export function blake2bCompress(input: Uint8Array, rounds: number, final: boolean): Uint8Array {
  assert(input.length === BLAKE2B_INPUT_BYTES, 'state, block and counter have 208 bytes');
  return implementation(input, rounds, final);
}
