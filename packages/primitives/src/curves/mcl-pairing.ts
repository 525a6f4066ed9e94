import { MCL_FIELD_BYTES, type Mcl } from './mcl.ts';
import type { MclGroup } from './mcl-group.ts';

/** An element of the target group has twelve field elements. */
const TARGET_BYTES: number = 12 * MCL_FIELD_BYTES;
/** Pairs whose Miller loops run together: they share their squarings. More of them save little. */
const BATCH = 64;

/** Products of pairings. */
export class MclPairing {
  readonly #mcl: Mcl;
  readonly #g1: MclGroup;
  readonly #g2: MclGroup;
  readonly #left: number;
  readonly #right: number;
  readonly #product: number;
  readonly #factor: number;

  constructor(mcl: Mcl, g1: MclGroup, g2: MclGroup) {
    this.#mcl = mcl;
    this.#g1 = g1;
    this.#g2 = g2;
    this.#left = mcl.allocate(BATCH * g1.memoryBytes);
    this.#right = mcl.allocate(BATCH * g2.memoryBytes);
    this.#product = mcl.allocate(TARGET_BYTES);
    this.#factor = mcl.allocate(TARGET_BYTES);
  }

  /**
   * Whether the product over pairs of points (of G1, then of G2), one after the other in `input`, is one; null when a
   * point is not in its subgroup. No pairs make one.
   */
  isProductOne(input: Uint8Array): boolean | null {
    const { module } = this.#mcl;
    const pairBytes = this.#g1.bytes + this.#g2.bytes;
    let batch = 0;
    let isFirst = true;
    for (let offset = 0; offset < input.length; offset += pairBytes) {
      const left = this.#left + batch * this.#g1.memoryBytes;
      const right = this.#right + batch * this.#g2.memoryBytes;
      if (!this.#g1.put(left, input, offset, true)) return null;
      if (!this.#g2.put(right, input, offset + this.#g1.bytes, true)) return null;
      // Infinity pairs to one with anything.
      if (this.#g1.functions.isZero(left) === 1 || this.#g2.functions.isZero(right) === 1) continue;
      batch += 1;
      if (batch < BATCH) continue;
      this.#multiplyBatch(batch, isFirst);
      isFirst = false;
      batch = 0;
    }
    if (batch > 0) this.#multiplyBatch(batch, isFirst);
    else if (isFirst) return true;
    module._mclBn_finalExp(this.#product, this.#product);
    return module._mclBnGT_isOne(this.#product) === 1;
  }

  #multiplyBatch(count: number, isFirst: boolean): void {
    const { module } = this.#mcl;
    module._mclBn_millerLoopVec(isFirst ? this.#product : this.#factor, this.#left, this.#right, count);
    if (!isFirst) module._mclBnGT_mul(this.#product, this.#product, this.#factor);
  }
}
