import type { Hex } from '@heddle/primitives';

/** The shortest hex of a number ≥ 0: no leading zeros, '0x0' for zero. */
export function quantity(value: bigint | number): Hex {
  return `0x${value.toString(16)}`;
}

/** 32 bytes, leading zeros kept. */
export function word(value: bigint): Hex {
  return `0x${value.toString(16).padStart(64, '0')}`;
}
