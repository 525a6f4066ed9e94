import { BoundedCache } from '@heddle/primitives';
import type { Hash } from '@heddle/types';
import { CODE_CACHE_ENTRIES, MAX_DECODED_INSTRUCTIONS } from '../limits.ts';
import { Instruction, KIND } from './instruction.ts';

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
  /** One bit a byte of code, set when a block that begins there has run. */
  readonly visited: Uint8Array;
  /** Decoded blocks, and those that decoded ones lead to: by where they begin, in pages that are made when needed. */
  readonly blocks: (Instruction | null)[][];
  /** Whether it is remembered by hash. */
  readonly isRemembered: boolean;
}

/** Longest PUSH data, and the STOP where it ends; rounded up to whole 64-bit reads. */
const PADDING_BYTES = 40;
const PAGE_BITS = 6;

let remembered: BoundedCache<ExecutableCode> = new BoundedCache(CODE_CACHE_ENTRIES);
let rememberedInstructions = 0;

/** Deployed code; its analysis and its decoded blocks are remembered by hash. */
export function executableCode(bytes: Uint8Array, codeHash: Hash): ExecutableCode {
  const known = remembered.get(codeHash);
  if (known !== undefined) return known;
  const code = analyseCode(bytes, true);
  remembered.set(codeHash, code);
  return code;
}

/** To be told of each decoded block, since instructions take far more memory than code. Past the bound all are forgotten. */
export function countDecoded(code: ExecutableCode, instructions: number): void {
  if (!code.isRemembered) return;
  rememberedInstructions += instructions;
  if (rememberedInstructions <= MAX_DECODED_INSTRUCTIONS) return;
  remembered = new BoundedCache(CODE_CACHE_ENTRIES);
  rememberedInstructions = 0;
}

/** Finds the JUMPDEST bytes that are not data of a PUSH. */
export function analyseCode(bytes: Uint8Array, isRemembered: boolean): ExecutableCode {
  const jumpDestinations = new Uint8Array((bytes.length >> 3) + 1);
  for (let at = 0; at < bytes.length; at++) {
    const opcode = bytes[at] ?? 0;
    if (opcode === JUMPDEST) setBit(jumpDestinations, at);
    else if (opcode >= PUSH1 && opcode <= PUSH32) at += opcode - PUSH1 + 1;
  }
  const padded = new Uint8Array(bytes.length + PADDING_BYTES);
  padded.set(bytes);
  return {
    bytes,
    padded,
    view: new DataView(padded.buffer),
    jumpDestinations,
    visited: new Uint8Array((padded.length >> 3) + 1),
    blocks: [],
    isRemembered,
  };
}

/** Whether a block that begins at `pc` has run before; from now on it has. */
export function visit(code: ExecutableCode, pc: number): boolean {
  if (getBit(code.visited, pc)) return true;
  setBit(code.visited, pc);
  return false;
}

/** The block that begins at `pc`; it is decoded when the loop comes to it. */
export function blockAt(code: ExecutableCode, pc: number): Instruction {
  const number = pc >> PAGE_BITS;
  while (code.blocks.length <= number) code.blocks.push([]);
  const page = code.blocks[number] ?? [];
  const place = pc & ((1 << PAGE_BITS) - 1);
  while (page.length <= place) page.push(null);
  const known = page[place] ?? null;
  if (known !== null) return known;
  const block = new Instruction(KIND.block, pc);
  page[place] = block;
  return block;
}

export function isJumpDestination(code: ExecutableCode, at: number): boolean {
  return at < code.bytes.length && getBit(code.jumpDestinations, at);
}

function getBit(bits: Uint8Array, at: number): boolean {
  return ((bits[at >> 3] ?? 0) & (1 << (at & 7))) !== 0;
}

function setBit(bits: Uint8Array, at: number): void {
  bits[at >> 3] = (bits[at >> 3] ?? 0) | (1 << (at & 7));
}

/** The `length` bytes from `start` as a number; zeros stand beyond the end of the code. */
export function readPushData(code: ExecutableCode, start: number, length: number): bigint {
  let word = 0n;
  let rest = length;
  let at = start;
  for (; rest >= 8; rest -= 8, at += 8) word = (word << 64n) | code.view.getBigUint64(at);
  return rest === 0 ? word : (word << BigInt(8 * rest)) | (code.view.getBigUint64(at) >> BigInt(64 - 8 * rest));
}
