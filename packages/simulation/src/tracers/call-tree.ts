import { type Frame, type FrameKind, type FrameObserver, haltMessage, type RefusedFrame } from '@heddle/execution';
import { EMPTY_BYTES, ImpossibleStateError } from '@heddle/primitives';
import { type Address, type Log, PRECOMPILE_ADDRESSES } from '@heddle/types';
import { ResultTooLargeError } from '../errors.ts';
import type { TracedMessage } from './tracer.ts';

/** A call, a creation or a self-destruct, with what it led to. */
export interface CallNode {
  readonly kind: FrameKind | 'SELFDESTRUCT';
  readonly from: Address;
  /** Callee, new contract or beneficiary. */
  readonly to: Address;
  readonly value: bigint;
  readonly input: Uint8Array;
  /** Of the frame: what is left of a transaction's limit after its intrinsic gas. */
  readonly gas: number;
  gasUsed: number;
  output: Uint8Array;
  /** In geth's words; null while it has not failed. */
  error: string | null;
  readonly calls: CallNode[];
  readonly logs: LogNode[];
}

export interface LogNode {
  readonly log: Log;
  /** How many calls of the same frame came before it. */
  readonly position: number;
  /** How many logs of the transaction did. */
  readonly index: number;
}

/** What a node stands for in memory and as text, whatever its data, bytes. */
const NODE_BYTES = 400;
const LOG_BYTES = 500;

const PRECOMPILES: ReadonlySet<Address> = new Set(Object.values(PRECOMPILE_ADDRESSES));

/** Whether the node is a call of a precompile without value: parity's traces do not list it. */
export function isPlainPrecompileCall({ kind, to, value }: CallNode): boolean {
  return value === 0n && isPrecompileCall(kind, to);
}

/** Creations and self-destructs are none, wherever they go. */
export function isPrecompileCall(kind: CallNode['kind'], to: Address): boolean {
  return kind !== 'CREATE' && kind !== 'CREATE2' && kind !== 'SELFDESTRUCT' && PRECOMPILES.has(to);
}

/** Records the tree of calls. Throws `ResultTooLargeError` when it grows beyond `limitBytes`, counted as its text. */
export class CallTree implements FrameObserver {
  readonly #limitBytes: number;
  #bytes = 0;
  #root: CallNode | null = null;
  /** Open ones, the innermost last. */
  readonly #open: { readonly frame: Frame; readonly node: CallNode }[] = [];

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  frameOpened(frame: Frame): void {
    const node: CallNode = {
      kind: frame.kind,
      // A delegate call is made by the contract that calls, whatever CALLER is there.
      from: frame.parent?.account.address ?? frame.caller,
      to: frame.codeAddress,
      value: frame.value,
      input: frame.isCreation ? frame.code.bytes : frame.input,
      gas: frame.gasAtStart,
      gasUsed: 0,
      output: EMPTY_BYTES,
      error: null,
      calls: [],
      logs: [],
    };
    this.#add(node);
    this.#open.push({ frame, node });
  }

  frameClosed(frame: Frame): void {
    const closed = this.#open.pop();
    if (closed?.frame !== frame) throw new ImpossibleStateError('frames close in the order in which they opened');
    const { node } = closed;
    node.gasUsed = frame.gasAtStart - frame.gas;
    node.error = haltMessage(frame);
    node.output = frame.output;
    this.#count(frame.output.length * 2);
  }

  frameRefused(parent: Frame, { kind, to, value, input, gas, reason }: RefusedFrame): void {
    const gasUsed = reason === 'contract address collision' ? gas : 0;
    this.#addLeaf({ kind, from: parent.account.address, to, value, input, gas, gasUsed, error: reason });
  }

  /** geth shows the contract's balance even where it goes to itself. */
  selfDestructed({ account }: Frame, beneficiary: Address, wei: bigint): void {
    const from = account.address;
    const value = beneficiary === from ? account.balance : wei;
    this.#addLeaf({
      kind: 'SELFDESTRUCT',
      from,
      to: beneficiary,
      value,
      input: EMPTY_BYTES,
      gas: 0,
      gasUsed: 0,
      error: null,
    });
  }

  logged(frame: Frame, log: Log): void {
    const node = this.#open.at(-1)?.node;
    if (node === undefined) throw new ImpossibleStateError('a log has a frame');
    this.#count(LOG_BYTES + log.data.length * 2);
    // Logs that were reverted meanwhile do not count.
    node.logs.push({ log, position: node.calls.length, index: frame.machine.world.logs.length - 1 });
  }

  /**
   * The outermost call, when all is over. What is open still was ended from outside, as a delivery that reaches for another
   * shard is; one that never began (EIP-7610) looks as if it had failed at once.
   */
  root(message: TracedMessage, failure: string | null): CallNode {
    for (const { frame, node } of this.#open) {
      node.gasUsed = frame.gasAtStart - frame.gas;
      node.error = failure;
    }
    this.#open.length = 0;
    return this.#root ?? neverOpened(message, failure);
  }

  #addLeaf(leaf: Omit<CallNode, 'output' | 'calls' | 'logs'>): void {
    this.#add({ ...leaf, output: EMPTY_BYTES, calls: [], logs: [] });
  }

  #add(node: CallNode): void {
    this.#count(NODE_BYTES + node.input.length * 2);
    const parent = this.#open.at(-1)?.node;
    if (parent === undefined) this.#root = node;
    else parent.calls.push(node);
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes > this.#limitBytes) throw new ResultTooLargeError(this.#limitBytes);
  }
}

function neverOpened({ from, to, value, input, gasLimit }: TracedMessage, error: string | null): CallNode {
  const kind = to === null ? 'CREATE' : 'CALL';
  const rest = { gas: gasLimit, gasUsed: gasLimit, output: EMPTY_BYTES, error, calls: [], logs: [] };
  return { kind, from, to: to ?? from, value, input, ...rest };
}
