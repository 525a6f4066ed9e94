import { bls12_381 } from '@noble/curves/bls12-381.js';
import { ImpossibleStateError } from '../assert.ts';
import { bigintToBytes, bytesToBigint, concatBytes } from '../bytes.ts';
import { type Bls12Backend, KZG_SETUP_G2 } from './bls12-backend.ts';
import { loadMcl, MCL_CURVES, MCL_FIELD_BYTES, MCL_SCALAR_BYTES, type Mcl } from './mcl.ts';
import { type MclGroup, mclG1, mclG2 } from './mcl-group.ts';
import { MclPairing } from './mcl-pairing.ts';
import { MclSum } from './mcl-sum.ts';

/** EIP-2537: 48 bytes behind 16 zeros. */
const FIELD_BYTES = 64;
const COMPRESSED_BYTES = 48;
/** The map to a curve of RFC 9380, as EIP-2537 asks for. */
const MAP_OF_RFC_9380 = 5;
const FIELD_ORDER = bls12_381.fields.Fp.ORDER;

/** mcl; null where WebAssembly is not available. */
export async function loadMclBls12(load: () => Promise<Mcl | null> = loadBls12): Promise<Bls12Backend | null> {
  const mcl = await load();
  return mcl === null ? null : new MclBls12(mcl);
}

function loadBls12(): Promise<Mcl | null> {
  return loadMcl(MCL_CURVES.bls12);
}

/** What all KZG proofs are checked with: pointers. */
interface KzgPoints {
  /** [1]₁; mcl names no generator for pairing curves. */
  readonly one: number;
  /** The lines of the Miller loops of [1]₂ and [τ]₂. */
  readonly linesOne: number;
  readonly linesTau: number;
}

class MclBls12 implements Bls12Backend {
  readonly name = 'wasm';
  readonly #mcl: Mcl;
  readonly #g1: MclGroup;
  readonly #g2: MclGroup;
  readonly #sumG1: MclSum;
  readonly #sumG2: MclSum;
  readonly #pairing: MclPairing;
  /** Two points of G2, the larger group. */
  readonly #points: readonly [number, number];
  readonly #field: number;
  readonly #scalar: number;
  readonly #target: number;
  /** Made with the first KZG proof. */
  #kzg: KzgPoints | null = null;

  constructor(mcl: Mcl) {
    mcl.module._mclBn_setMapToMode(MAP_OF_RFC_9380);
    this.#mcl = mcl;
    this.#g1 = mclG1(mcl, FIELD_BYTES);
    this.#g2 = mclG2(mcl, FIELD_BYTES, [0, 1, 2, 3]);
    this.#sumG1 = new MclSum(mcl, this.#g1);
    this.#sumG2 = new MclSum(mcl, this.#g2);
    this.#pairing = new MclPairing(mcl, this.#g1, this.#g2);
    this.#points = [mcl.allocate(this.#g2.memoryBytes), mcl.allocate(this.#g2.memoryBytes)];
    this.#field = mcl.allocate(2 * MCL_FIELD_BYTES);
    this.#scalar = mcl.allocate(MCL_SCALAR_BYTES);
    this.#target = mcl.allocate(12 * MCL_FIELD_BYTES);
  }

  addG1(input: Uint8Array): Uint8Array | null {
    return this.#add(this.#g1, input);
  }

  addG2(input: Uint8Array): Uint8Array | null {
    return this.#add(this.#g2, input);
  }

  #add(group: MclGroup, input: Uint8Array): Uint8Array | null {
    const [left, right] = this.#points;
    if (!group.put(left, input, 0, false) || !group.put(right, input, group.bytes, false)) return null;
    group.functions.add(left, left, right);
    return group.get(left);
  }

  sumG1(input: Uint8Array): Uint8Array | null {
    return this.#sumG1.sum(input);
  }

  sumG2(input: Uint8Array): Uint8Array | null {
    return this.#sumG2.sum(input);
  }

  isPairingOne(input: Uint8Array): boolean | null {
    return this.#pairing.isProductOne(input);
  }

  mapToG1(field: Uint8Array): Uint8Array {
    const [point] = this.#points;
    this.#mcl.putField(this.#field, field, 0, FIELD_BYTES);
    this.#mcl.module._mclBnFp_mapToG1(point, this.#field);
    return this.#g1.get(point);
  }

  mapToG2(field: Uint8Array): Uint8Array {
    const [point] = this.#points;
    this.#mcl.putField(this.#field, field, 0, FIELD_BYTES);
    this.#mcl.putField(this.#field + MCL_FIELD_BYTES, field, FIELD_BYTES, FIELD_BYTES);
    this.#mcl.module._mclBnFp2_mapToG2(point, this.#field);
    return this.#g2.get(point);
  }

  /** e(C − [y]₁ + [z]π, [1]₂) · e(−π, [τ]₂) = 1: both points of G2 are known, and so are their lines. */
  verifyKzg(commitment: Uint8Array, z: Uint8Array, y: Uint8Array, proof: Uint8Array): boolean {
    const { module } = this.#mcl;
    const [sum, point] = this.#points;
    const term = point + this.#g1.memoryBytes;
    if (!this.#putCompressed(sum, commitment) || !this.#putCompressed(point, proof)) return false;
    this.#kzg ??= this.#prepareKzg();
    const { one, linesOne, linesTau } = this.#kzg;
    this.#mcl.putScalar(this.#scalar, y, 0);
    module._mclBnG1_mul(term, one, this.#scalar);
    module._mclBnG1_sub(sum, sum, term);
    this.#mcl.putScalar(this.#scalar, z, 0);
    module._mclBnG1_mul(term, point, this.#scalar);
    module._mclBnG1_add(sum, sum, term);
    module._mclBnG1_neg(point, point);
    module._mclBn_precomputedMillerLoop2(this.#target, sum, linesOne, point, linesTau);
    module._mclBn_finalExp(this.#target, this.#target);
    return module._mclBnGT_isOne(this.#target) === 1;
  }

  #prepareKzg(): KzgPoints {
    const { G1, G2 } = bls12_381;
    const { x, y } = G1.Point.BASE.toAffine();
    const one = this.#mcl.allocate(this.#g1.memoryBytes);
    const bytes = concatBytes(bigintToBytes(x, FIELD_BYTES), bigintToBytes(y, FIELD_BYTES));
    if (!this.#g1.put(one, bytes, 0, true)) throw new ImpossibleStateError('a fixed point is in G1');
    return { one, linesOne: this.#linesOf(G2.Point.BASE), linesTau: this.#linesOf(G2.Point.fromHex(KZG_SETUP_G2)) };
  }

  #linesOf(point: ReturnType<typeof bls12_381.G2.Point.fromAffine>): number {
    const { x, y } = point.toAffine();
    const bytes = concatBytes(...[x.c0, x.c1, y.c0, y.c1].map((part) => bigintToBytes(part, FIELD_BYTES)));
    const { module } = this.#mcl;
    const memory = this.#mcl.allocate(this.#g2.memoryBytes);
    if (!this.#g2.put(memory, bytes, 0, true)) throw new ImpossibleStateError('a fixed point is in G2');
    const lines = this.#mcl.allocate(8 * module._mclBn_getUint64NumToPrecompute());
    module._mclBn_precomputeG2(lines, memory);
    return lines;
  }

  /** 48 bytes: x, with three flags at the top (compressed, infinity, y is the larger root). False: not in the subgroup. */
  #putCompressed(pointer: number, bytes: Uint8Array): boolean {
    const flags = (bytes[0] ?? 0) >> 5;
    const numbers = bytes.slice();
    numbers[0] = (bytes[0] ?? 0) & 0x1f;
    const x = bytesToBigint(numbers);
    this.#g1.functions.clear(pointer);
    if (flags === 0b110) return x === 0n;
    if ((flags !== 0b100 && flags !== 0b101) || x >= FIELD_ORDER) return false;
    const y = this.#rootFor(numbers);
    if (y === null) return false;
    const isLarger = 2n * y > FIELD_ORDER;
    const root = isLarger === (flags === 0b101) ? y : FIELD_ORDER - y;
    const point = concatBytes(bigintToBytes(x, FIELD_BYTES), bigintToBytes(root, FIELD_BYTES));
    return this.#g1.put(pointer, point, 0, true);
  }

  /** A root of x³ + 4, if there is one. It is never 0: no point of the curve has order 2. */
  #rootFor(x: Uint8Array): bigint | null {
    const { module } = this.#mcl;
    const [field, power] = [this.#field, this.#field + MCL_FIELD_BYTES];
    this.#mcl.putField(field, x, 0, COMPRESSED_BYTES);
    module._mclBnFp_sqr(power, field);
    module._mclBnFp_mul(power, power, field);
    module._mclBnFp_setInt32(field, 4);
    module._mclBnFp_add(power, power, field);
    if (module._mclBnFp_squareRoot(power, power) !== 0) return null;
    const root = new Uint8Array(COMPRESSED_BYTES);
    this.#mcl.getField(power, root, 0, COMPRESSED_BYTES);
    return bytesToBigint(root);
  }
}
