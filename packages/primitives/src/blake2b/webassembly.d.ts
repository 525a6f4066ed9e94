/** What is used of the WebAssembly interface of JavaScript; its declarations belong to the browser's, which Node lacks. */
interface WebAssemblyMemory {
  readonly buffer: ArrayBuffer;
}

declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object) => { readonly exports: Readonly<Record<string, unknown>> };
  readonly Memory: new (options: { readonly initial: number }) => WebAssemblyMemory;
};
