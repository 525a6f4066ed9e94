import type { MclModule } from 'mcl-wasm/dist/mcl_c.js';
import { ImpossibleStateError } from '../assert.ts';

/** mcl's number of a curve. */
export const MCL_CURVES = { bn254: 4, bls12: 5, p256: 107 } as const;

/** How the module was built (10 · words of a scalar + words of a field element); another build refuses to start. */
const COMPILED_TIME_VARIABLES = 46;
/** Bytes of a field element and of a scalar in the module's memory, whatever the curve. */
export const MCL_FIELD_BYTES = 48;
export const MCL_SCALAR_BYTES = 32;
/** Room for the bytes of one number on their way in or out. */
const TRANSFER_BYTES = 64;

/**
 * mcl in WebAssembly with one curve, in memory of its own; null where it does not load. Everything after loading is
 * synchronous, and no call leaves anything behind but in memory that its caller allocated.
 */
export async function loadMcl(curve: number, create: () => Promise<MclModule> = createModule): Promise<Mcl | null> {
  try {
    const module = await create();
    if (module._mclBn_init(curve, COMPILED_TIME_VARIABLES) !== 0) return null;
    // Whether a point is in the subgroup is asked apart from whether it is on the curve.
    module._mclBn_verifyOrderG1(0);
    module._mclBn_verifyOrderG2(0);
    return new Mcl(module);
  } catch {
    // No WebAssembly, or another build: not an error, there is another implementation.
    return null;
  }
}

async function createModule(): Promise<MclModule> {
  const { default: create } = await import('mcl-wasm/dist/mcl_c.js');
  return create({
    cryptoGetRandomValues: () => {
      throw new ImpossibleStateError('nothing here asks mcl for random numbers');
    },
  });
}

/** Numbers in and out of a module's memory, big-endian outside. */
export class Mcl {
  readonly module: MclModule;
  readonly #transfer: number;
  #memory: Uint8Array;

  constructor(module: MclModule) {
    this.module = module;
    this.#memory = new Uint8Array(module.wasmMemory.buffer);
    this.#transfer = this.allocate(TRANSFER_BYTES);
  }

  /** For good: allocate once, use often. */
  allocate(bytes: number): number {
    const pointer = this.module._malloc(bytes);
    if (pointer === 0) throw new ImpossibleStateError('mcl has no memory left, and allocates only when it is loaded');
    return pointer;
  }

  /** A field element; the caller has checked that it is below the field's order. */
  putField(pointer: number, bytes: Uint8Array, offset: number, length: number): void {
    this.#put(bytes, offset, length);
    this.module._mclBnFp_setBigEndianMod(pointer, this.#transfer, length);
  }

  /** A scalar; whatever is at or above the group's order is reduced. */
  putScalar(pointer: number, bytes: Uint8Array, offset: number): void {
    this.#put(bytes, offset, MCL_SCALAR_BYTES);
    this.module._mclBnFr_setBigEndianMod(pointer, this.#transfer, MCL_SCALAR_BYTES);
  }

  /** Writes a field element into the `length` bytes of `target` that begin at `offset`; they hold zeros. */
  getField(pointer: number, target: Uint8Array, offset: number, length: number): void {
    const written = this.module._mclBnFp_getLittleEndian(this.#transfer, TRANSFER_BYTES, pointer);
    const memory = this.#view();
    for (let index = 0; index < written; index++) {
      target[offset + length - 1 - index] = memory[this.#transfer + index] ?? 0;
    }
  }

  copy(target: number, source: number, bytes: number): void {
    this.#view().copyWithin(target, source, source + bytes);
  }

  #put(bytes: Uint8Array, offset: number, length: number): void {
    this.#view().set(bytes.subarray(offset, offset + length), this.#transfer);
  }

  /** The module's memory may have grown since, which takes the old view away. */
  #view(): Uint8Array {
    if (this.#memory.length === 0) this.#memory = new Uint8Array(this.module.wasmMemory.buffer);
    return this.#memory;
  }
}
