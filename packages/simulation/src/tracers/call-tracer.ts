import { type FrameObserver, NO_OBSERVER } from '@heddle/execution';
import { revertReason } from '@heddle/types';
import type { CallNode, LogNode } from './call-tree.ts';
import { CallTree } from './call-tree.ts';
import { type JsonText, quotedBytes, quotedQuantity, quotedText } from './json-text.ts';
import type { TracedMessage, TraceEnd, Tracer } from './tracer.ts';

export interface CallTracerOptions {
  readonly onlyTopCall: boolean;
  readonly withLog: boolean;
}

/** geth's callTracer: the tree of calls. The outermost one has the transaction's gas limit and its receipt's gas. */
export class CallTracer implements Tracer {
  readonly frames: FrameObserver;
  readonly steps = null;
  readonly #tree: CallTree;
  readonly #options: CallTracerOptions;
  readonly #message: TracedMessage;

  constructor(options: CallTracerOptions, message: TracedMessage, limitBytes: number) {
    this.#tree = new CallTree(limitBytes);
    this.#options = options;
    this.#message = message;
    this.frames = options.onlyTopCall ? outermostOnly(this.#tree) : this.#tree;
  }

  finish({ gasUsed, failure }: TraceEnd, out: JsonText): void {
    const root = this.#tree.root(this.#message, failure);
    const gas = this.#message.gasLimit;
    writeCall({ ...root, gas, gasUsed }, this.#options, this.#message.place?.firstLogIndex ?? 0, false, out);
  }
}

function outermostOnly(tree: CallTree): FrameObserver {
  return {
    ...NO_OBSERVER,
    frameOpened: (frame) => {
      if (frame.depth === 0) tree.frameOpened(frame);
    },
    frameClosed: (frame) => {
      if (frame.depth === 0) tree.frameClosed(frame);
    },
    logged: (frame, log) => {
      if (frame.depth === 0) tree.logged(frame, log);
    },
  };
}

/** Members in geth's order. Depth is bounded by the EVM's 1,024 frames. */
function writeCall(
  node: CallNode,
  options: CallTracerOptions,
  firstLogIndex: number,
  parentFailed: boolean,
  out: JsonText,
): void {
  const { kind, from, to, gas, gasUsed, input, output, error, calls, logs, value } = node;
  const failed = error !== null || parentFailed;
  const isCreation = kind === 'CREATE' || kind === 'CREATE2';
  out.write(`{"from":"${from}","gas":${quotedQuantity(gas)},"gasUsed":${quotedQuantity(gasUsed)}`);
  if (!isCreation || error === null) out.write(`,"to":"${to}"`);
  out.write(`,"input":${quotedBytes(input)}`);
  if (output.length > 0) out.write(`,"output":${quotedBytes(output)}`);
  if (error !== null) writeError(error, output, out);
  if (calls.length > 0) {
    out.write(',"calls":');
    out.list(calls, (call) => writeCall(call, options, firstLogIndex, failed, out));
  }
  if (options.withLog && logs.length > 0 && !failed) {
    out.write(',"logs":');
    out.list(logs, (log) => writeLog(log, firstLogIndex, out));
  }
  // geth has no value for what can't move any.
  out.write(`${kind === 'STATICCALL' ? '' : `,"value":${quotedQuantity(value)}`},"type":"${kind}"}`);
}

function writeError(error: string, output: Uint8Array, out: JsonText): void {
  out.write(`,"error":${quotedText(error)}`);
  const reason = revertReason(output);
  if (reason !== null) out.write(`,"revertReason":${quotedText(reason)}`);
}

function writeLog({ log, position, index }: LogNode, firstLogIndex: number, out: JsonText): void {
  const { address, topics, data } = log;
  out.write(`{"address":"${address}","topics":[${topics.map((topic) => `"${topic}"`).join(',')}]`);
  out.write(`,"data":${quotedBytes(data)},"index":${quotedQuantity(firstLogIndex + index)}`);
  out.write(`,"position":${quotedQuantity(position)}}`);
}
