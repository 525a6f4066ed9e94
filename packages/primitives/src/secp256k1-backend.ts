/** What a secp256k1 implementation offers to secp256k1.ts, which has checked the lengths of all arguments. */
export interface Secp256k1Backend {
  readonly name: 'native' | 'noble';
  /**
   * The uncompressed public key (65 bytes, first byte 4) that made `compact` (r ‖ s, 64 bytes) over `digest`
   * (32 bytes); null where there is none. `s` may be above N/2.
   */
  recoverPublicKey(digest: Uint8Array, compact: Uint8Array, yParity: 0 | 1): Uint8Array | null;
  /**
   * Deterministic (RFC 6979), `s` at most N/2. Null for an invalid key. For a digest below N every implementation
   * gives the same signature; above, each a good one.
   */
  sign(digest: Uint8Array, privateKey: Uint8Array): CompactSignature | null;
  /** Uncompressed, 65 bytes. Null for an invalid key. */
  publicKey(privateKey: Uint8Array): Uint8Array | null;
}

export interface CompactSignature {
  /** r ‖ s, 64 bytes. */
  readonly compact: Uint8Array;
  /** 0 or 1; 2 and 3 (r overflowed the group's order) do not occur in practice and are refused. */
  readonly recovery: number;
}
