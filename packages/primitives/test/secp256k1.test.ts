import { execFileSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  bigintToBytes,
  bytesToBigint,
  hexToBytes,
  keccak256,
  privateKeyToAddress,
  recoverAddress,
  SECP256K1_HALF_ORDER,
  SECP256K1_ORDER,
  secp256k1BackendName,
  signDigest,
} from '../src/index.ts';
import { privateKeyToAddressWith, recoverAddressWith, signDigestWith } from '../src/secp256k1.ts';
import type { Secp256k1Backend } from '../src/secp256k1-backend.ts';
import { loadNativeSecp256k1 } from '../src/secp256k1-native.ts';
import { nobleSecp256k1 } from '../src/secp256k1-noble.ts';

const native = await loadNativeSecp256k1();
const backends: Secp256k1Backend[] = native === null ? [nobleSecp256k1] : [native, nobleSecp256k1];
if (native === null) process.stderr.write('secp256k1: the native module does not load here, only noble is tested\n');

const key = hexToBytes('0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80');
const address = '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266';
const digest = keccak256(key);

const digests = fc.oneof(
  fc.uint8Array({ minLength: 32, maxLength: 32 }),
  // Zero, the order, and above it: digests are taken modulo the order.
  fc
    .constantFrom(0n, 1n, SECP256K1_ORDER - 1n, SECP256K1_ORDER, SECP256K1_ORDER + 1n, (1n << 256n) - 1n)
    .map((n) => bigintToBytes(n, 32)),
);
const scalars = fc.oneof(
  fc.bigInt({ min: 0n, max: (1n << 256n) - 1n }),
  fc.constantFrom(0n, 1n, 2n, SECP256K1_HALF_ORDER, SECP256K1_HALF_ORDER + 1n, SECP256K1_ORDER - 1n, SECP256K1_ORDER),
);

describe.each(backends.map((backend) => [backend.name, backend] as const))('%s', (_name, backend) => {
  test('the first account of the familiar mnemonic', () => {
    expect(privateKeyToAddressWith(backend, key)).toBe(address);
    const signature = signDigestWith(backend, digest, key);
    expect(signature).toEqual({
      yParity: 1,
      r: 72252868064261986250014475522942924210518102414510034063906460733613661371710n,
      s: 13363115972648123430533833310830373324404009804672875977130132265583909042034n,
    });
    expect(recoverAddressWith(backend, digest, signature)).toBe(address);
  });

  test('the mirrored signature with s above N/2 recovers too', () => {
    const { yParity, r, s } = signDigestWith(backend, digest, key);
    const mirrored = { yParity: 1 - yParity, r, s: SECP256K1_ORDER - s };
    expect(recoverAddressWith(backend, digest, mirrored)).toBe(address);
  });

  test('null for what is no signature', () => {
    const good = signDigestWith(backend, digest, key);
    for (const change of [
      { yParity: 2 },
      { yParity: 27 },
      { yParity: -1 },
      { r: 0n },
      { r: SECP256K1_ORDER },
      { r: -1n },
      { r: 1n << 256n },
      { s: 0n },
      { s: SECP256K1_ORDER },
      { s: 1n << 300n },
      // No point of the curve has x = 5.
      { r: 5n },
    ]) {
      expect(recoverAddressWith(backend, digest, { ...good, ...change })).toBeNull();
    }
  });

  test('the point at infinity is no key: s · R = z · G', () => {
    // R = G (r = its x, even y), s = z: the recovered point is r⁻¹ (sR − zG) = 0.
    const r = 0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798n;
    expect(recoverAddressWith(backend, bigintToBytes(7n, 32), { yParity: 0, r, s: 7n })).toBeNull();
  });

  test('keys out of range are refused', () => {
    const refused = expect.objectContaining({
      code: 'INVALID_PRIVATE_KEY',
      facts: expect.objectContaining({ curve: 'secp256k1' }),
    });
    for (const bad of [
      new Uint8Array(31),
      new Uint8Array(33).fill(1),
      new Uint8Array(32),
      bigintToBytes(SECP256K1_ORDER, 32),
      new Uint8Array(32).fill(0xff),
    ]) {
      expect(() => signDigestWith(backend, digest, bad)).toThrow(refused);
      expect(() => privateKeyToAddressWith(backend, bad)).toThrow(refused);
    }
  });
});

describe('both implementations', () => {
  test('sign and recover alike', () => {
    fc.assert(
      fc.property(digests, fc.bigInt({ min: 1n, max: SECP256K1_ORDER - 1n }), (hash, secret) => {
        const privateKey = bigintToBytes(secret, 32);
        const signer = privateKeyToAddress(privateKey);
        const made = backends.map((backend) => signDigestWith(backend, hash, privateKey));
        for (const signature of made) {
          expect(recoverAddress(hash, signature)).toBe(signer);
          expect(signature.s <= SECP256K1_HALF_ORDER).toBe(true);
          // Above the order (for a hash: 2^-128) libsecp256k1 derives its nonce without reducing the digest first.
          if (bytesToBigint(hash) < SECP256K1_ORDER) expect(signature).toEqual(made[0]);
        }
      }),
      { numRuns: 20 },
    );
  });

  test('agree on arbitrary signatures, good or not', () => {
    fc.assert(
      fc.property(digests, fc.constantFrom(0, 1), scalars, scalars, (hash, yParity, r, s) => {
        const [first, ...others] = backends.map((backend) => recoverAddressWith(backend, hash, { yParity, r, s }));
        for (const other of others) expect(other).toBe(first);
      }),
      { numRuns: 60 },
    );
  });
});

describe('the choice at import', () => {
  test('native where it loads', () => {
    expect(secp256k1BackendName).toBe(native === null ? 'noble' : 'native');
    expect(recoverAddress(digest, signDigest(digest, key))).toBe(address);
  });

  test('a module that throws, or signs wrongly, is not taken', async () => {
    await expect(loadNativeSecp256k1(() => Promise.reject(new Error('no native build')))).resolves.toBeNull();
    const wrong = {
      privateKeyVerify: (): boolean => true,
      publicKeyCreate: (): Uint8Array => new Uint8Array(65),
      ecdsaSign: (): { signature: Uint8Array; recid: number } => ({ signature: new Uint8Array(64), recid: 0 }),
      ecdsaRecover: (): Uint8Array => new Uint8Array(65).fill(1),
    };
    await expect(loadNativeSecp256k1(() => Promise.resolve(wrong))).resolves.toBeNull();
  });

  test('a whole process without the native module and without WebAssembly runs on noble', () => {
    const script = new URL('./without-native.ts', import.meta.url);
    const output = execFileSync(process.execPath, [script.pathname], {
      encoding: 'utf8',
    });
    expect(JSON.parse(output)).toEqual({
      backend: 'noble',
      address,
      recovered: address,
      emptyHash: '0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470',
    });
  });
});
