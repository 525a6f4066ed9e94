import { STACK_LIMIT } from '../limits.ts';
import { blockAt, countDecoded, type ExecutableCode, isJumpDestination, readPushData } from './code.ts';
import type { Frame } from './frame.ts';
import { Instruction, KIND } from './instruction.ts';
import { OPERATION_OF } from './opcode-table.ts';
import { type Operation, outerOperation } from './operation.ts';

/** Halts with the program counter at the opcode, as `step` does: `haltMessage` looks there. */
const INVALID: Operation = outerOperation(0xfe, 'INVALID', 0, 0, 0, (frame: Frame) => {
  frame.pc--;
  frame.halt('invalid opcode');
});

/** Where a jump to anything but a JUMPDEST leads. */
const INVALID_JUMP = new Instruction(KIND.run, 0);
INVALID_JUMP.execute = (frame: Frame): void => frame.halt('invalid jump destination');

/** The block that a jump to `destination` runs. */
export function jumpTarget(code: ExecutableCode, destination: bigint): Instruction {
  const pc = Number(destination);
  return isJumpDestination(code, pc) ? blockAt(code, pc) : INVALID_JUMP;
}

/** Decodes the operations from `block.pc` up to the first that ends a block, and sums up what they need. */
export function decodeBlock(code: ExecutableCode, block: Instruction): void {
  const decoder = new BlockDecoder(code, block);
  while (decoder.decodeOperation()) {}
  block.gas = decoder.gas;
  block.lowest = decoder.needed;
  block.highest = STACK_LIMIT - decoder.grown;
  countDecoded(code, decoder.instructions);
}

class BlockDecoder {
  /** Of the operations so far. */
  gas = 0;
  /** Words that the stack must hold when the block begins. */
  needed = 0;
  /** Words by which the stack is higher at most. */
  grown = 0;
  instructions = 1;
  readonly #code: ExecutableCode;
  readonly #start: number;
  #pc: number;
  /** Words by which the stack is higher now. */
  #height = 0;
  #last: Instruction;

  constructor(code: ExecutableCode, block: Instruction) {
    this.#code = code;
    this.#start = block.pc;
    this.#pc = block.pc;
    this.#last = block;
  }

  /** False when the block has ended. */
  decodeOperation(): boolean {
    const operation = OPERATION_OF[this.#code.padded[this.#pc] ?? 0] ?? INVALID;
    const { form } = operation;
    if (form.kind === 'jumpDestination' && this.#pc !== this.#start) {
      this.#last.next = blockAt(this.#code, this.#pc);
      return false;
    }
    this.#pc++;
    this.#count(operation);
    switch (form.kind) {
      case 'jumpDestination':
        return true;
      case 'push':
        this.#push(readPushData(this.#code, this.#pc, form.length));
        this.#pc += form.length;
        return true;
      case 'programCounter':
        this.#push(BigInt(this.#pc - 1));
        return true;
      case 'pop':
        this.#append(KIND.pop);
        return true;
      case 'duplicate':
      case 'swap':
        this.#append(KIND[form.kind]).depth = form.depth;
        return true;
      case 'unary':
        this.#append(KIND.unary).unary = form.compute;
        return true;
      case 'binary':
        this.#append(KIND.binary).binary = form.compute;
        return true;
      case 'inner':
        this.#append(KIND.run).execute = operation.execute;
        return true;
      case 'jump':
        this.#jump(KIND.jump, KIND.computedJump);
        return false;
      case 'jumpIf':
        this.#jump(KIND.jumpIf, KIND.computedJumpIf).next = blockAt(this.#code, this.#pc);
        return false;
      case 'outer':
        this.#append(KIND.run).execute = operation.execute;
        this.#last.next = blockAt(this.#code, this.#pc);
        return false;
    }
  }

  #count(operation: Operation): void {
    this.gas += operation.gas;
    this.needed = Math.max(this.needed, operation.pops - this.#height);
    this.#height += operation.pushes - operation.pops;
    this.grown = Math.max(this.grown, this.#height);
  }

  #append(kind: number): Instruction {
    const instruction = new Instruction(kind, this.#pc);
    this.#last.next = instruction;
    this.#last = instruction;
    this.instructions++;
    return instruction;
  }

  #push(word: bigint): void {
    this.#append(KIND.push).word = word;
  }

  /** A destination that was pushed just before is looked up now; its PUSH becomes the jump. */
  #jump(known: number, computed: number): Instruction {
    const pushed = this.#last;
    if (pushed.kind !== KIND.push) return this.#append(computed);
    pushed.kind = known;
    pushed.target = jumpTarget(this.#code, pushed.word);
    return pushed;
  }
}
