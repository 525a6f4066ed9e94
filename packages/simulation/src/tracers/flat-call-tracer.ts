import { CallTree } from './call-tree.ts';
import { gethForm, writeFlatCalls } from './flat-calls.ts';
import type { JsonText } from './json-text.ts';
import type { TracedMessage, TraceEnd, Tracer } from './tracer.ts';

export interface FlatCallTracerOptions {
  readonly convertParityErrors: boolean;
  readonly includePrecompiles: boolean;
}

/** geth's flatCallTracer: what callTracer has as a tree, as a list. */
export class FlatCallTracer implements Tracer {
  readonly frames: CallTree;
  readonly steps = null;
  readonly #options: FlatCallTracerOptions;
  readonly #message: TracedMessage;

  constructor(options: FlatCallTracerOptions, message: TracedMessage, limitBytes: number) {
    this.frames = new CallTree(limitBytes);
    this.#options = options;
    this.#message = message;
  }

  finish({ gasUsed, failure }: TraceEnd, out: JsonText): void {
    const root = this.frames.root(this.#message, failure);
    const { convertParityErrors, includePrecompiles } = this.#options;
    const form = gethForm(convertParityErrors, includePrecompiles);
    writeFlatCalls({ ...root, gas: this.#message.gasLimit, gasUsed }, form, this.#message.place, out);
  }
}
