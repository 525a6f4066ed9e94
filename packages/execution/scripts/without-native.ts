import { registerHooks } from 'node:module';

/** What a machine does without WebAssembly and native binaries: for what is imported from here on. */
export function withoutNative(): void {
  registerHooks({
    resolve: (specifier, context, next) => {
      if (specifier === 'secp256k1/bindings.js') throw new Error('No native build was found');
      return next(specifier, context);
    },
  });
  Reflect.deleteProperty(globalThis, 'WebAssembly');
}
