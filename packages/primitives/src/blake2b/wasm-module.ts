const MAGIC_AND_VERSION = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const FUNCTION_TYPE = 0x60;
const I32 = 0x7f;
const I64 = 0x7e;
const MEMORY_EXPORT = 0x02;
const FUNCTION_EXPORT = 0x00;
const END = 0x0b;

/**
 * A WebAssembly module (core specification, section 5) with one page of memory, exported as `memory`, and one function
 * `run(i32, i64)` of this code with so many 64-bit locals besides its parameters.
 */
export function wasmModule(code: readonly number[], locals: number): Uint8Array<ArrayBuffer> {
  const body = [1, ...wasmCode(locals), I64, ...code, END];
  return Uint8Array.from([
    ...MAGIC_AND_VERSION,
    ...section(1, [1, FUNCTION_TYPE, 2, I32, I64, 0]),
    ...section(3, [1, 0]),
    // One page, and never more.
    ...section(5, [1, 1, 1, 1]),
    ...section(7, [2, ...name('memory'), MEMORY_EXPORT, 0, ...name('run'), FUNCTION_EXPORT, 0]),
    ...section(10, [1, ...wasmCode(body.length), ...body]),
  ]);
}

/** An unsigned number as WebAssembly writes it (LEB128). */
export function wasmCode(value: number): readonly number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...wasmCode(value >>> 7)];
}

/** The operand of a 64-bit constant (signed LEB128). */
export function wasmI64(word: bigint): readonly number[] {
  const bytes: number[] = [];
  for (let rest = BigInt.asIntN(64, word); ; ) {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    const isLast = (rest === 0n && low < 0x40) || (rest === -1n && low >= 0x40);
    bytes.push(isLast ? low : low | 0x80);
    if (isLast) return bytes;
  }
}

function section(id: number, content: readonly number[]): readonly number[] {
  return [id, ...wasmCode(content.length), ...content];
}

function name(text: string): readonly number[] {
  return [text.length, ...new TextEncoder().encode(text)];
}
