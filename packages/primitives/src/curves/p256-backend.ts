/** What an implementation of P-256 offers to p256.ts, which has checked lengths and ranges. */
export interface P256Backend {
  readonly name: 'wasm' | 'noble';
  /**
   * Whether `signature` (r ‖ s, each from 1 to the group's order less one; s may be the larger one) is good for `digest`
   * (32 bytes) and `publicKey` (x ‖ y, below the field's order). False for what is no point of the curve.
   */
  verify(digest: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): boolean;
}
