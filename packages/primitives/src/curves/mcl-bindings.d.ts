/** The raw half of the npm package `mcl-wasm`: pointers into the module's memory, one curve a module. */
declare module 'mcl-wasm/dist/mcl_c.js' {
  type Unary = (result: number, operand: number) => void;
  type Binary = (result: number, left: number, right: number) => void;

  interface MclModule {
    readonly wasmMemory: { readonly buffer: ArrayBuffer };
    _malloc(bytes: number): number;
    /** 0 when the curve is known and the sizes that it was built with are as expected. */
    _mclBn_init(curve: number, compiledTimeVariables: number): number;
    _mclBn_verifyOrderG1(verify: number): void;
    _mclBn_verifyOrderG2(verify: number): void;
    _mclBn_setMapToMode(mode: number): number;

    _mclBnFr_setBigEndianMod(result: number, bytes: number, length: number): number;
    _mclBnFr_div: Binary;
    _mclBnFr_neg: Unary;

    _mclBnFp_setInt32(result: number, value: number): void;
    _mclBnFp_setBigEndianMod(result: number, bytes: number, length: number): number;
    /** Bytes written, 0 for an error. */
    _mclBnFp_getLittleEndian(bytes: number, size: number, value: number): number;
    _mclBnFp_sqr: Unary;
    _mclBnFp_mul: Binary;
    _mclBnFp_add: Binary;
    _mclBnFp_neg: Unary;
    /** 0 when there is one. */
    _mclBnFp_squareRoot(result: number, value: number): number;
    _mclBnFp_mapToG1(point: number, field: number): number;
    _mclBnFp2_mapToG2(point: number, field: number): number;

    _mclBnG1_clear(point: number): void;
    _mclBnG1_isValid(point: number): number;
    _mclBnG1_isValidOrder(point: number): number;
    _mclBnG1_isZero(point: number): number;
    _mclBnG1_normalize: Unary;
    _mclBnG1_neg: Unary;
    _mclBnG1_add: Binary;
    _mclBnG1_sub: Binary;
    _mclBnG1_mul: Binary;
    _mclBnG1_mulVec(result: number, points: number, scalars: number, count: number): void;
    _mclBnG1_getBasePoint(point: number): void;

    _mclBnG2_clear(point: number): void;
    _mclBnG2_isValid(point: number): number;
    _mclBnG2_isValidOrder(point: number): number;
    _mclBnG2_isZero(point: number): number;
    _mclBnG2_normalize: Unary;
    _mclBnG2_add: Binary;
    _mclBnG2_mul: Binary;
    _mclBnG2_mulVec(result: number, points: number, scalars: number, count: number): void;

    _mclBnGT_mul: Binary;
    _mclBnGT_isOne(value: number): number;
    _mclBn_millerLoopVec(result: number, g1: number, g2: number, count: number): void;
    _mclBn_finalExp: Unary;
    _mclBn_getUint64NumToPrecompute(): number;
    _mclBn_precomputeG2(lines: number, point: number): void;
    _mclBn_precomputedMillerLoop2(result: number, g1: number, lines1: number, other: number, lines2: number): void;
  }

  function create(options: { cryptoGetRandomValues(target: Uint8Array): void }): Promise<MclModule>;
  // biome-ignore lint/style/noDefaultExport: this is how Node shows a CommonJS module.
  export default create;
  export type { MclModule };
}
