import type { Bn254Backend } from './bn254-backend.ts';
import { loadMcl, MCL_CURVES, MCL_SCALAR_BYTES, type Mcl } from './mcl.ts';
import { mclG1, mclG2 } from './mcl-group.ts';
import { MclPairing } from './mcl-pairing.ts';

const FIELD_BYTES = 32;

/** mcl; null where WebAssembly is not available. */
export async function loadMclBn254(load: () => Promise<Mcl | null> = loadBn254): Promise<Bn254Backend | null> {
  const mcl = await load();
  return mcl === null ? null : mclBn254(mcl);
}

function loadBn254(): Promise<Mcl | null> {
  return loadMcl(MCL_CURVES.bn254);
}

function mclBn254(mcl: Mcl): Bn254Backend {
  const g1 = mclG1(mcl, FIELD_BYTES);
  // EIP-197 writes the imaginary part first.
  const pairing = new MclPairing(mcl, g1, mclG2(mcl, FIELD_BYTES, [1, 0, 3, 2]));
  const left = mcl.allocate(g1.memoryBytes);
  const right = mcl.allocate(g1.memoryBytes);
  const scalar = mcl.allocate(MCL_SCALAR_BYTES);
  return {
    name: 'wasm',
    // All points of the curve are in G1.
    add: (input) => {
      if (!g1.put(left, input, 0, false) || !g1.put(right, input, g1.bytes, false)) return null;
      g1.functions.add(left, left, right);
      return g1.get(left);
    },
    multiply: (input) => {
      if (!g1.put(left, input, 0, false)) return null;
      mcl.putScalar(scalar, input, g1.bytes);
      g1.functions.mul(left, left, scalar);
      return g1.get(left);
    },
    isPairingOne: (input) => pairing.isProductOne(input),
  };
}
