/**
 * What an implementation of BLS12-381 offers to bls12.ts, which has checked lengths and that field elements are below the
 * field's order. Points as EIP-2537 writes them (64 bytes a field element, real part first, infinity all zeros); null for
 * a point that is not on the curve or, where it has to be, not in the subgroup.
 */
export interface Bls12Backend {
  readonly name: 'wasm' | 'noble';
  /** Two points, which need not be in the subgroup. */
  addG1(input: Uint8Array): Uint8Array | null;
  addG2(input: Uint8Array): Uint8Array | null;
  /** Points and scalars (32 bytes, any number) in turn. */
  sumG1(input: Uint8Array): Uint8Array | null;
  sumG2(input: Uint8Array): Uint8Array | null;
  /** Whether the product of the pairings of points of G1 and G2, in turn, is one. */
  isPairingOne(input: Uint8Array): boolean | null;
  mapToG1(field: Uint8Array): Uint8Array;
  mapToG2(field: Uint8Array): Uint8Array;
  /**
   * EIP-4844: whether `proof` shows that the polynomial of `commitment` has the value `y` at `z`. The points are compressed
   * (48 bytes), scalars (32 bytes) below the group's order. False for what is no point of the subgroup.
   */
  verifyKzg(commitment: Uint8Array, z: Uint8Array, y: Uint8Array, proof: Uint8Array): boolean;
}

/** The G2 point [τ]₂ of Ethereum's trusted setup (the KZG ceremony), compressed. */
export const KZG_SETUP_G2: string =
  'b5bfd7dd8cdeb128843bc287230af38926187075cbfbefa81009a2ce615ac53d' +
  '2914e5870cb452d2afaaab24f3499f72185cbfee53492714734429b7b38608e2' +
  '3926c911cceceac9a36851477ba4c60b087041de621000edc98edada20c1def2';
