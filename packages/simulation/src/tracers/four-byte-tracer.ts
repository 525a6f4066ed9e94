import { type FrameObserver, NO_OBSERVER } from '@heddle/execution';
import { bytesToHex } from '@heddle/primitives';
import type { Address } from '@heddle/types';
import { type CallNode, isPrecompileCall } from './call-tree.ts';
import { JsonText } from './json-text.ts';
import type { TraceEnd, Tracer } from './tracer.ts';

/** geth's 4byteTracer: how often which function was called with how many bytes of arguments, `0x27dc297e-128`: 1. */
export class FourByteTracer implements Tracer {
  readonly steps = null;
  readonly frames: FrameObserver = {
    ...NO_OBSERVER,
    frameOpened: ({ kind, codeAddress, input }) => this.#countCall(kind, codeAddress, input),
    // geth looks at a call before it finds that it can't be.
    frameRefused: (_parent, { kind, to, input }) => this.#countCall(kind, to, input),
  };
  readonly #counts: Map<string, number> = new Map();
  /** Bounds the names, which code can make as many of as it likes. */
  readonly #room: JsonText;

  constructor(limitBytes: number) {
    this.#room = new JsonText(limitBytes);
  }

  finish(_end: TraceEnd, out: JsonText): void {
    const names = [...this.#counts.keys()].sort();
    out.write(`{${names.map((name) => `"${name}":${this.#counts.get(name) ?? 0}`).join(',')}}`);
  }

  #countCall(kind: CallNode['kind'], to: Address, input: Uint8Array): void {
    if (kind !== 'CREATE' && kind !== 'CREATE2' && !isPrecompileCall(kind, to)) this.#count(input);
  }

  #count(input: Uint8Array): void {
    if (input.length < 4) return;
    const name = `${bytesToHex(input.subarray(0, 4))}-${input.length - 4}`;
    const before = this.#counts.get(name);
    if (before === undefined) this.#room.write(name);
    this.#counts.set(name, (before ?? 0) + 1);
  }
}
