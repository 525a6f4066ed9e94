import type { FrameObserver } from '@heddle/execution';
import { CallTree } from './call-tree.ts';
import { type FlatCall, flatten, PARITY_FORM, writeFlatCall, writeFlatCalls } from './flat-calls.ts';
import { type JsonText, quotedBytes } from './json-text.ts';
import { bothObserve } from './mux-tracer.ts';
import { writeStateDiff } from './state-diff.ts';
import { TouchedState } from './touched-state.ts';
import type { TracedMessage, TraceEnd, Tracer } from './tracer.ts';

export interface ParityReplayOptions {
  readonly trace: boolean;
  readonly stateDiff: boolean;
  /** Of a whole block each says which transaction it is. */
  readonly withTransactionHash: boolean;
}

/** parity's trace_transaction: its calls. Gas is the frame's, without what was paid before it began. */
export class ParityTracer implements Pick<Tracer, 'frames' | 'steps'> {
  readonly frames: CallTree;
  readonly steps = null;
  readonly #message: TracedMessage;

  constructor(message: TracedMessage, limitBytes: number) {
    this.frames = new CallTree(limitBytes);
    this.#message = message;
  }

  /** A call before those that it made. */
  entries({ failure }: TraceEnd): Generator<FlatCall> {
    return flatten(this.frames.root(this.#message, failure), PARITY_FORM);
  }

  writeEntry(entry: FlatCall, out: JsonText): void {
    writeFlatCall(entry, PARITY_FORM, this.#message.place, out);
  }
}

/** parity's trace_replayTransaction: output, list of calls and changes of state, as asked for. There is no vmTrace. */
export class ParityReplayTracer implements Tracer {
  readonly frames: FrameObserver;
  readonly steps = null;
  readonly #message: TracedMessage;
  readonly #tree: CallTree;
  readonly #state: TouchedState = new TouchedState();
  readonly #options: ParityReplayOptions;

  constructor(options: ParityReplayOptions, message: TracedMessage, limitBytes: number) {
    this.#tree = new CallTree(limitBytes);
    this.#message = message;
    this.#options = options;
    this.frames = bothObserve(this.#tree, this.#state.frames);
  }

  finish(end: TraceEnd, out: JsonText): void {
    const { trace, stateDiff, withTransactionHash } = this.#options;
    out.write(`{"output":${quotedBytes(end.output)},"stateDiff":`);
    if (stateDiff) writeStateDiff(this.#state.accounts(end), out);
    else out.write('null');
    out.write(',"trace":');
    if (trace) writeFlatCalls(this.#tree.root(this.#message, end.failure), PARITY_FORM, null, out);
    else out.write('[]');
    const place = this.#message.place;
    if (withTransactionHash && place !== null) out.write(`,"transactionHash":"${place.transactionHash}"`);
    out.write(',"vmTrace":null}');
  }
}
