import { ImpossibleStateError } from '@heddle/primitives';

/** A frame's stack of 256-bit words. Bounds are checked by the interpreter before an operation runs. */
export class Stack {
  height = 0;
  /** What lies at `height` and above was popped. For the interpreter's loop; operations use the methods. */
  readonly words: bigint[] = [];

  push(word: bigint): void {
    this.words[this.height++] = word;
  }

  pop(): bigint {
    const word = this.words[--this.height];
    if (word === undefined) throw new ImpossibleStateError('operation pops more than its table entry says');
    return word;
  }

  /** The word `depth` below the top; 0 is the top. */
  peek(depth: number): bigint {
    const word = this.words[this.height - 1 - depth];
    if (word === undefined) throw new ImpossibleStateError('operation reads below the stack');
    return word;
  }

  /** Replaces the word `depth` below the top. */
  replace(depth: number, word: bigint): void {
    this.words[this.height - 1 - depth] = word;
  }
}
