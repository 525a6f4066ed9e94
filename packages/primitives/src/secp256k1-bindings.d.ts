/** The native half of the npm package `secp256k1`, which brings no types. Importing it throws where no binary loads. */
declare module 'secp256k1/bindings.js' {
  interface Secp256k1Bindings {
    privateKeyVerify(privateKey: Uint8Array): boolean;
    publicKeyCreate(privateKey: Uint8Array, compressed: boolean): Uint8Array;
    ecdsaSign(digest: Uint8Array, privateKey: Uint8Array): { readonly signature: Uint8Array; readonly recid: number };
    ecdsaRecover(compact: Uint8Array, recovery: number, digest: Uint8Array, compressed: boolean): Uint8Array;
  }
  const bindings: Secp256k1Bindings;
  // biome-ignore lint/style/noDefaultExport: this is how Node shows a CommonJS module.
  export default bindings;
  export type { Secp256k1Bindings };
}
