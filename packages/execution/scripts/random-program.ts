import { bigintToBytes, concatBytes, hexToBytes } from '@heddle/primitives';
import type { Address } from '@heddle/types';
import type { Random } from './random.ts';
import { PRECOMPILE_NUMBERS, randomPrecompileInput } from './random-precompile-input.ts';

/** Writes EVM code that mostly runs to its end: it knows what is on the stack. */
export interface ProgramSurroundings {
  /** Accounts that code may look at and call. */
  readonly addresses: readonly Address[];
}

const BINARY = [
  0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x0a, 0x0b, 0x10, 0x11, 0x12, 0x13, 0x14, 0x16, 0x17, 0x18, 0x1a, 0x1b,
  0x1c, 0x1d,
];
const UNARY = [0x15, 0x19, 0x1e];
const TERNARY = [0x08, 0x09];
const CONSTANT = [
  0x30, 0x32, 0x33, 0x34, 0x36, 0x38, 0x3a, 0x3d, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x4a, 0x58, 0x59,
  0x5a, 0x5f,
];
const ACCOUNT_QUERY = [0x31, 0x3b, 0x3f];
const SLOTS = 6;

export function randomProgram(random: Random, surroundings: ProgramSurroundings): Uint8Array {
  if (random.chance(4)) return random.bytes(1 + random.below(60));
  const parts: Uint8Array[] = [];
  const statements = 1 + random.below(9);
  for (let statement = 0; statement < statements; statement++) parts.push(randomStatement(random, surroundings));
  parts.push(randomEnding(random, surroundings));
  return concatBytes(...parts);
}

/** One statement that creates nothing, so that init code does not nest. */
function shortProgram(random: Random, surroundings: ProgramSurroundings): Uint8Array {
  const store = concatBytes(expression(random, surroundings), small(random, SLOTS), code(0x55));
  return concatBytes(store, randomCall(random, surroundings), randomEnding(random, surroundings));
}

function code(...opcodes: number[]): Uint8Array {
  return Uint8Array.from(opcodes);
}

function push(value: bigint): Uint8Array {
  if (value === 0n) return code(0x5f);
  const length = Math.ceil(value.toString(16).length / 2);
  return concatBytes(code(0x5f + length), bigintToBytes(value, length));
}

function small(random: Random, bound: number): Uint8Array {
  return push(BigInt(random.below(bound)));
}

function pushAddress(random: Random, surroundings: ProgramSurroundings): Uint8Array {
  return concatBytes(code(0x73), hexToBytes(random.pick(surroundings.addresses)));
}

/** Leaves one word. */
function expression(random: Random, surroundings: ProgramSurroundings, depth = 0): Uint8Array {
  const inner = (): Uint8Array => expression(random, surroundings, depth + 1);
  if (depth > 2 || random.chance(30)) return random.chance(70) ? push(random.word()) : code(random.pick(CONSTANT));
  switch (random.below(9)) {
    case 0:
      return concatBytes(inner(), code(random.pick(UNARY)));
    case 1:
      return concatBytes(inner(), inner(), inner(), code(random.pick(TERNARY)));
    case 2:
      return concatBytes(small(random, SLOTS), code(random.pick([0x54, 0x5c])));
    case 3:
      return concatBytes(pushAddress(random, surroundings), code(random.pick(ACCOUNT_QUERY)));
    case 4:
      return concatBytes(small(random, 200), code(random.pick([0x35, 0x51, 0x49])));
    case 5:
      return concatBytes(small(random, 100), small(random, 300), code(0x20));
    case 6:
      return concatBytes(inner(), inner(), code(0x81, 0x91, 0x50, random.pick(BINARY)));
    default:
      return concatBytes(inner(), inner(), code(random.pick(BINARY)));
  }
}

/** Leaves the stack as it was. */
function randomStatement(random: Random, surroundings: ProgramSurroundings): Uint8Array {
  const value = (): Uint8Array => expression(random, surroundings);
  switch (random.below(15)) {
    case 0:
    case 1:
    case 2:
      return concatBytes(random.chance(30) ? push(0n) : value(), small(random, SLOTS), code(0x55));
    case 3:
      return concatBytes(value(), small(random, SLOTS), code(0x5d));
    case 4:
      return concatBytes(value(), small(random, 200), code(random.pick([0x52, 0x53])));
    case 5:
      return randomLog(random, surroundings);
    case 6:
    case 7:
      return randomCall(random, surroundings);
    case 8:
      return randomCreation(random, surroundings);
    case 9:
      return concatBytes(
        small(random, 90),
        small(random, 40),
        small(random, 200),
        code(random.pick([0x37, 0x39, 0x5e])),
      );
    case 10:
      return concatBytes(
        small(random, 40),
        small(random, 40),
        small(random, 90),
        pushAddress(random, surroundings),
        code(0x3c),
      );
    case 11:
      return concatBytes(code(0x3d, 0x5f), small(random, 90), code(0x3e));
    case 12:
      return precompileCall(random);
    case 13:
      return recursion(random);
    default:
      return randomBranch(random, surroundings);
  }
}

function randomLog(random: Random, surroundings: ProgramSurroundings): Uint8Array {
  const topics = random.below(5);
  const words = Array.from({ length: topics }, () => expression(random, surroundings));
  return concatBytes(...words, small(random, 60), small(random, 200), code(0xa0 + topics));
}

/** Its result goes to a slot, so that success and failure differ in the state. */
function randomCall(random: Random, surroundings: ProgramSurroundings): Uint8Array {
  const opcode = random.pick([0xf1, 0xf1, 0xf2, 0xf4, 0xfa]);
  const ranges = concatBytes(small(random, 60), small(random, 200), small(random, 150), small(random, 200));
  const value = opcode === 0xf1 || opcode === 0xf2 ? push(random.chance(50) ? 0n : BigInt(random.below(3000))) : code();
  const gas = random.chance(60) ? code(0x5a) : small(random, 100_000);
  const call = concatBytes(ranges, value, pushAddress(random, surroundings), gas, code(opcode));
  return concatBytes(call, small(random, SLOTS), code(0x55));
}

/** The init code is a program of its own, or returns a part of this code, or is the call data. */
function randomCreation(random: Random, surroundings: ProgramSurroundings): Uint8Array {
  const init = random.chance(50) ? initCode(random.bytes(random.below(30))) : shortProgram(random, surroundings);
  const isCreate2 = random.chance(50);
  const salt = isCreate2 ? small(random, 3) : code();
  const operands = concatBytes(salt, push(BigInt(init.length)), code(0x5f), small(random, 100));
  return concatBytes(storeBytes(init), operands, code(isCreate2 ? 0xf5 : 0xf0), small(random, SLOTS), code(0x55));
}

/** Puts bytes at the start of the memory, in whole words. */
function storeBytes(bytes: Uint8Array): Uint8Array {
  const stored: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += 32) {
    const word = new Uint8Array(32);
    word.set(bytes.subarray(at, at + 32));
    stored.push(concatBytes(code(0x7f), word, push(BigInt(at)), code(0x52)));
  }
  return concatBytes(...stored);
}

/** Calls a precompile with an input that it understands, and stores whether it succeeded and the hash of its output. */
function precompileCall(random: Random): Uint8Array {
  const number = random.pick(PRECOMPILE_NUMBERS);
  const input = randomPrecompileInput(random, number);
  const gas = random.chance(85) ? code(0x5a) : small(random, 60_000);
  const ranges = concatBytes(code(0x5f, 0x5f), push(BigInt(input.length)), code(0x5f));
  const call = concatBytes(storeBytes(input), ranges, push(BigInt(number)), gas, code(0xfa));
  // RETURNDATASIZE, PUSH0, PUSH0, RETURNDATACOPY; RETURNDATASIZE, PUSH0, KECCAK256
  const hash = code(0x3d, 0x5f, 0x5f, 0x3e, 0x3d, 0x5f, 0x20);
  return concatBytes(call, small(random, SLOTS), code(0x55), hash, small(random, SLOTS), code(0x55));
}

/** Calls this very code again, a bounded number of times, counted in transient storage: frames up to 60 deep. */
function recursion(random: Random): Uint8Array {
  const count = concatBytes(code(0x60, 0xee, 0x5c));
  const increment = concatBytes(count, code(0x60, 0x01, 0x01, 0x60, 0xee, 0x5d));
  const isDeeper = concatBytes(push(BigInt(1 + random.below(60))), count, code(0x10));
  const value = push(BigInt(random.below(3)));
  const call = concatBytes(code(0x5f, 0x5f, 0x5f, 0x5f), value, code(0x30, 0x5a, 0xf1, 0x50));
  // ISZERO, PUSH2 skip, PC, ADD, JUMPI: as in randomBranch.
  const body = concatBytes(increment, call);
  const distance = body.length + 3;
  const skip = code(0x15, 0x61, distance >> 8, distance & 0xff, 0x58, 0x01, 0x57);
  return concatBytes(isDeeper, skip, body, code(0x5b));
}

/** Returns `runtime` as the new contract's code. */
export function initCode(runtime: Uint8Array): Uint8Array {
  // PUSH1 length, DUP1, PUSH1 offset, PUSH0, CODECOPY, PUSH0, RETURN
  return concatBytes(code(0x60, runtime.length, 0x80, 0x60, 0x09, 0x5f, 0x39, 0x5f, 0xf3), runtime);
}

/** Jumps over a statement or not. */
function randomBranch(random: Random, surroundings: ProgramSurroundings): Uint8Array {
  const skipped = concatBytes(expression(random, surroundings), small(random, SLOTS), code(0x55));
  // PC after `condition`: PUSH2 skip, PC, ADD, JUMPI … the destination counts from PC itself.
  const distance = skipped.length + 3;
  return concatBytes(
    expression(random, surroundings),
    code(0x61, distance >> 8, distance & 0xff, 0x58, 0x01, 0x57),
    skipped,
    code(0x5b),
  );
}

function randomEnding(random: Random, surroundings: ProgramSurroundings): Uint8Array {
  const range = concatBytes(small(random, 60), small(random, 200));
  switch (random.below(20)) {
    case 0:
      return concatBytes(range, code(0xfd));
    case 1:
      return concatBytes(pushAddress(random, surroundings), code(0xff));
    case 2:
      return code(0xfe);
    case 3:
      return endlessLoop();
    case 4:
    case 5:
    case 6:
    case 7:
    case 8:
    case 9:
      return concatBytes(range, code(0xf3));
    default:
      return code(0x00);
  }
}

/** Until the gas is gone. */
function endlessLoop(): Uint8Array {
  // JUMPDEST, GAS, POP, PC, PUSH1 3, SWAP1, SUB, JUMP
  return code(0x5b, 0x5a, 0x50, 0x58, 0x60, 0x03, 0x90, 0x03, 0x56);
}
