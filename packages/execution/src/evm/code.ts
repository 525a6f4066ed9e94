import { BoundedCache } from '@heddle/primitives';
import type { Hash } from '@heddle/types';
import { JUMP_TABLE_CACHE_ENTRIES } from '../limits.ts';

const JUMPDEST = 0x5b;
const PUSH1 = 0x60;
const PUSH32 = 0x7f;

/** Code made ready to run. */
export interface ExecutableCode {
  /** As it is in the state, or as it was given for a creation. */
  readonly bytes: Uint8Array;
  /** The same and zeros behind it, so that PUSH data and the STOP at the end need no bounds check. */
  readonly padded: Uint8Array;
  readonly view: DataView;
  /** One bit a byte of code. */
  readonly jumpDestinations: Uint8Array;
}

/** Longest PUSH data, and the STOP where it ends; rounded up to whole 64-bit reads. */
const PADDING_BYTES = 40;

const analysed: BoundedCache<ExecutableCode> = new BoundedCache(JUMP_TABLE_CACHE_ENTRIES);

/** Deployed code; its analysis is remembered by hash. */
export function executableCode(bytes: Uint8Array, codeHash: Hash): ExecutableCode {
  const known = analysed.get(codeHash);
  if (known !== undefined) return known;
  const code = analyseCode(bytes);
  analysed.set(codeHash, code);
  return code;
}

/** Finds the JUMPDEST bytes that are not data of a PUSH. */
export function analyseCode(bytes: Uint8Array): ExecutableCode {
  const jumpDestinations = new Uint8Array((bytes.length >> 3) + 1);
  for (let at = 0; at < bytes.length; at++) {
    const opcode = bytes[at] ?? 0;
    if (opcode === JUMPDEST) {
      jumpDestinations[at >> 3] = (jumpDestinations[at >> 3] ?? 0) | (1 << (at & 7));
    } else if (opcode >= PUSH1 && opcode <= PUSH32) {
      at += opcode - PUSH1 + 1;
    }
  }
  const padded = new Uint8Array(bytes.length + PADDING_BYTES);
  padded.set(bytes);
  return { bytes, padded, view: new DataView(padded.buffer), jumpDestinations };
}

export function isJumpDestination(code: ExecutableCode, at: number): boolean {
  return at < code.bytes.length && ((code.jumpDestinations[at >> 3] ?? 0) & (1 << (at & 7))) !== 0;
}
