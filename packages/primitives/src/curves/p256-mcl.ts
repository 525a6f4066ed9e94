import { p256 } from '@noble/curves/nist.js';
import { bytesToBigint } from '../bytes.ts';
import { loadMcl, MCL_CURVES, MCL_SCALAR_BYTES, type Mcl } from './mcl.ts';
import { mclG1 } from './mcl-group.ts';
import type { P256Backend } from './p256-backend.ts';

const FIELD_BYTES = 32;
const ORDER = p256.Point.CURVE().n;

/** mcl; null where WebAssembly is not available. */
export async function loadMclP256(load: () => Promise<Mcl | null> = loadP256): Promise<P256Backend | null> {
  const mcl = await load();
  return mcl === null ? null : mclP256(mcl);
}

function loadP256(): Promise<Mcl | null> {
  return loadMcl(MCL_CURVES.p256);
}

function mclP256(mcl: Mcl): P256Backend {
  const { module } = mcl;
  const group = mclG1(mcl, FIELD_BYTES);
  // The generator and the public key, and their scalars.
  const points = mcl.allocate(2 * group.memoryBytes);
  const scalars = mcl.allocate(2 * MCL_SCALAR_BYTES);
  const key = points + group.memoryBytes;
  const [first, second] = [scalars, scalars + MCL_SCALAR_BYTES];
  const divisor = mcl.allocate(MCL_SCALAR_BYTES);
  const sum = mcl.allocate(group.memoryBytes);
  return {
    name: 'wasm',
    /** FIPS 186-5, section 6.4.2: R = (h/s)·G + (r/s)·Q is not infinity, and its x is r modulo the order. */
    verify: (digest, signature, publicKey) => {
      // (0, 0) is not on the curve, but stands for infinity in the group's encoding.
      if (publicKey.every((byte) => byte === 0) || !group.put(key, publicKey, 0, false)) return false;
      module._mclBnG1_getBasePoint(points);
      mcl.putScalar(divisor, signature, FIELD_BYTES);
      mcl.putScalar(first, digest, 0);
      module._mclBnFr_div(first, first, divisor);
      mcl.putScalar(second, signature, 0);
      module._mclBnFr_div(second, second, divisor);
      group.functions.sum(sum, points, scalars, 2);
      if (group.functions.isZero(sum) === 1) return false;
      const x = bytesToBigint(group.get(sum).subarray(0, FIELD_BYTES));
      return x % ORDER === bytesToBigint(signature.subarray(0, FIELD_BYTES));
    },
  };
}
