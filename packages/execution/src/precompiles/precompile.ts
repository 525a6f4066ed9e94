/** A contract that every shard has at the same address and that is not EVM code. */
export interface Precompile {
  /** Charged before it runs; `Infinity` refuses the input without running. */
  gas(input: Uint8Array): number;
  /** The output; `null` fails the call, all its gas used. */
  run(input: Uint8Array): Uint8Array | null;
}

/** `length` bytes of `input` from `offset`, zeros beyond its end: how precompiles without a fixed length read. */
export function readPadded(input: Uint8Array, offset: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  if (offset < input.length) bytes.set(input.subarray(offset, offset + length));
  return bytes;
}

/** 32 bytes, 1 or 0. */
export function booleanWord(value: boolean): Uint8Array {
  const word = new Uint8Array(32);
  word[31] = value ? 1 : 0;
  return word;
}
