import { MCL_FIELD_BYTES, type Mcl } from './mcl.ts';

/** What a group's points are made of, outside. */
export interface PointForm {
  /** Bytes of a field element. */
  readonly fieldBytes: number;
  /** The field elements of a point in mcl's order (x, y; for G2 real before imaginary), by their place outside. */
  readonly places: readonly number[];
}

interface GroupFunctions {
  readonly clear: (point: number) => void;
  readonly isValid: (point: number) => number;
  readonly isValidOrder: (point: number) => number;
  readonly isZero: (point: number) => number;
  readonly normalize: (result: number, point: number) => void;
  readonly add: (result: number, left: number, right: number) => void;
  readonly mul: (result: number, point: number, scalar: number) => void;
  readonly sum: (result: number, points: number, scalars: number, count: number) => void;
}

/** One of the groups of a curve: its points in and out of mcl's memory. Outside, infinity is all zeros. */
export class MclGroup {
  readonly functions: GroupFunctions;
  /** Bytes of a point outside and in mcl's memory, where it has a third, projective coordinate. */
  readonly bytes: number;
  readonly memoryBytes: number;
  readonly #mcl: Mcl;
  readonly #form: PointForm;
  /** A field element that is 1. */
  readonly #one: number;

  constructor(mcl: Mcl, functions: GroupFunctions, form: PointForm) {
    this.functions = functions;
    this.bytes = form.fieldBytes * form.places.length;
    this.memoryBytes = (MCL_FIELD_BYTES * form.places.length * 3) / 2;
    this.#mcl = mcl;
    this.#form = form;
    this.#one = mcl.allocate(MCL_FIELD_BYTES);
    mcl.module._mclBnFp_setInt32(this.#one, 1);
  }

  /**
   * The point at `offset`, whose field elements the caller has checked. False when it is not on the curve or, if
   * `inSubgroup`, outside of the subgroup.
   */
  put(pointer: number, bytes: Uint8Array, offset: number, inSubgroup: boolean): boolean {
    const { clear, isValid, isValidOrder } = this.functions;
    clear(pointer);
    if (isZero(bytes, offset, this.bytes)) return true;
    const { fieldBytes, places } = this.#form;
    for (let index = 0; index < places.length; index++) {
      const place = offset + (places[index] ?? 0) * fieldBytes;
      this.#mcl.putField(pointer + MCL_FIELD_BYTES * index, bytes, place, fieldBytes);
    }
    this.#mcl.copy(pointer + MCL_FIELD_BYTES * places.length, this.#one, MCL_FIELD_BYTES);
    return isValid(pointer) === 1 && (!inSubgroup || isValidOrder(pointer) === 1);
  }

  /** Leaves the point normalized. */
  get(pointer: number): Uint8Array {
    const { isZero: isInfinity, normalize } = this.functions;
    const bytes = new Uint8Array(this.bytes);
    if (isInfinity(pointer) === 1) return bytes;
    normalize(pointer, pointer);
    const { fieldBytes, places } = this.#form;
    for (let index = 0; index < places.length; index++) {
      const place = (places[index] ?? 0) * fieldBytes;
      this.#mcl.getField(pointer + MCL_FIELD_BYTES * index, bytes, place, fieldBytes);
    }
    return bytes;
  }
}

export function mclG1(mcl: Mcl, fieldBytes: number): MclGroup {
  const { module } = mcl;
  const functions = {
    clear: module._mclBnG1_clear,
    isValid: module._mclBnG1_isValid,
    isValidOrder: module._mclBnG1_isValidOrder,
    isZero: module._mclBnG1_isZero,
    normalize: module._mclBnG1_normalize,
    add: module._mclBnG1_add,
    mul: module._mclBnG1_mul,
    sum: module._mclBnG1_mulVec,
  };
  return new MclGroup(mcl, functions, { fieldBytes, places: [0, 1] });
}

/** `places` as in `PointForm`: standards differ in what comes first, the real part or the imaginary. */
export function mclG2(mcl: Mcl, fieldBytes: number, places: readonly number[]): MclGroup {
  const { module } = mcl;
  const functions = {
    clear: module._mclBnG2_clear,
    isValid: module._mclBnG2_isValid,
    isValidOrder: module._mclBnG2_isValidOrder,
    isZero: module._mclBnG2_isZero,
    normalize: module._mclBnG2_normalize,
    add: module._mclBnG2_add,
    mul: module._mclBnG2_mul,
    sum: module._mclBnG2_mulVec,
  };
  return new MclGroup(mcl, functions, { fieldBytes, places });
}

function isZero(bytes: Uint8Array, offset: number, length: number): boolean {
  for (let index = offset; index < offset + length; index++) if (bytes[index] !== 0) return false;
  return true;
}
