import { type FrameObserver, NO_OBSERVER } from '@heddle/execution';
import { type CallNode, CallTree } from './call-tree.ts';
import { type JsonText, quotedBytes, quotedQuantity } from './json-text.ts';
import type { TracedMessage, TraceEnd, Tracer } from './tracer.ts';

/** Otterscan's ots_getTransactionError: what a transaction reverted with, as bytes. */
export const ERROR_TRACER: Tracer = {
  frames: NO_OBSERVER,
  steps: null,
  finish: ({ failure, output }, out) => out.write(failure === 'execution reverted' ? quotedBytes(output) : '"0x"'),
};

/** Otterscan's two views of a transaction's calls. */
export class OtterscanTracer implements Tracer {
  readonly frames: FrameObserver & CallTree;
  readonly steps = null;
  readonly #view: 'internalOperations' | 'calls';
  readonly #message: TracedMessage;

  constructor(view: 'internalOperations' | 'calls', message: TracedMessage, limitBytes: number) {
    this.frames = new CallTree(limitBytes);
    this.#view = view;
    this.#message = message;
  }

  finish({ failure }: TraceEnd, out: JsonText): void {
    const root = this.frames.root(this.#message, failure);
    if (this.#view === 'calls') out.list(depthFirst(root, 0), (entry) => writeEntry(entry, out));
    else out.list(internalOperations(root), (operation) => writeOperation(operation, out));
  }
}

interface DeepCall {
  readonly call: CallNode;
  readonly depth: number;
}

function* depthFirst(root: CallNode, depth: number): Generator<DeepCall> {
  const pending: DeepCall[] = [{ call: root, depth }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    yield next;
    for (const call of next.call.calls.toReversed()) pending.push({ call, depth: next.depth + 1 });
  }
}

/** ots_traceTransaction. Otterscan knows no value where none can move. */
function writeEntry({ call: { kind, from, to, value, input, output }, depth }: DeepCall, out: JsonText): void {
  const amount = kind === 'STATICCALL' || kind === 'DELEGATECALL' ? 'null' : quotedQuantity(value);
  out.write(`{"type":"${kind}","depth":${depth},"from":"${from}","to":"${to}","value":${amount}`);
  out.write(`,"input":${quotedBytes(input)},"output":${quotedBytes(output)}}`);
}

/** What moves wei or makes a contract, below the outermost call, in calls that did not fail. */
function* internalOperations(root: CallNode): Generator<CallNode> {
  if (root.error !== null) return;
  const pending: CallNode[] = root.calls.toReversed();
  for (let call = pending.pop(); call !== undefined; call = pending.pop()) {
    if (call.error !== null) continue;
    if (operationType(call) !== null) yield call;
    for (const child of call.calls.toReversed()) pending.push(child);
  }
}

/** Otterscan's numbers: transfer, self-destruct, CREATE, CREATE2. */
function operationType({ kind, value }: CallNode): number | null {
  switch (kind) {
    case 'CALL':
      return value > 0n ? 0 : null;
    case 'SELFDESTRUCT':
      return 1;
    case 'CREATE':
      return 2;
    case 'CREATE2':
      return 3;
    default:
      return null;
  }
}

function writeOperation(call: CallNode, out: JsonText): void {
  const { from, to, value } = call;
  out.write(`{"type":${operationType(call)},"from":"${from}","to":"${to}","value":${quotedQuantity(value)}}`);
}
