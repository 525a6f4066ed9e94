/**
 * What an implementation of the curve of EIP-196 and EIP-197 (alt_bn128) offers to bn254.ts, which has checked lengths and
 * that field elements are below the field's order. 32 bytes a field element, imaginary part first, infinity all zeros;
 * null for a point that is not on the curve or, in G2, not in the subgroup.
 */
export interface Bn254Backend {
  readonly name: 'wasm' | 'noble';
  /** The sum of two points of G1. */
  add(input: Uint8Array): Uint8Array | null;
  /** A point of G1 and a scalar (32 bytes, any number). */
  multiply(input: Uint8Array): Uint8Array | null;
  /** Whether the product of the pairings of points of G1 and G2, in turn, is one. */
  isPairingOne(input: Uint8Array): boolean | null;
}
