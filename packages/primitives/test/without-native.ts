/**
 * Run by secp256k1.test.ts in a process of its own: what a machine does for which `secp256k1` has no binary, and where
 * WebAssembly is not available. Prints what the package then computes.
 */
import { registerHooks } from 'node:module';

registerHooks({
  resolve: (specifier, context, next) => {
    if (specifier === 'secp256k1/bindings.js') throw new Error('No native build was found');
    return next(specifier, context);
  },
});
Reflect.deleteProperty(globalThis, 'WebAssembly');

const primitives = await import('../src/index.ts');
const key = primitives.hexToBytes('0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80');
const digest = primitives.keccak256(key);
process.stdout.write(
  JSON.stringify({
    backend: primitives.secp256k1BackendName,
    address: primitives.privateKeyToAddress(key),
    recovered: primitives.recoverAddress(digest, primitives.signDigest(digest, key)),
    emptyHash: primitives.keccak256Hex(new Uint8Array(0)),
  }),
);
