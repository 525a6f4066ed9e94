import {
  type Frame,
  type FrameObserver,
  NO_OBSERVER,
  opcodeName,
  type RefusedFrame,
  type StepObserver,
} from '@heddle/execution';
import { bytesToHex } from '@heddle/primitives';
import type { Address } from '@heddle/types';
import { haltedAtOnce } from './halted-at-once.ts';
import { JsonText, quotedBytes, quotedQuantity, quotedText, quotedWord } from './json-text.ts';
import type { TraceEnd, Tracer } from './tracer.ts';

export interface StructLogOptions {
  readonly enableMemory: boolean;
  readonly disableStack: boolean;
  readonly disableStorage: boolean;
  readonly enableReturnData: boolean;
  /** Characters of log entries after which no more are made; 0 = no limit of the user's. */
  readonly limit: number;
}

const SLOAD = 0x54;
const SSTORE = 0x55;
/** geth has kept the old name (EIP-4399). */
const PREVRANDAO = 0x44;

/** What was seen before an operation, of which the rest is known only behind it. */
interface PendingStep {
  readonly opcode: number;
  readonly pc: number;
  readonly gas: number;
  readonly refund: number;
  readonly stack: string;
  readonly returnData: string;
  readonly memory: string;
  /** Of SLOAD and SSTORE, null for all others. `written`: null for SLOAD. */
  readonly storageAccess: { readonly slot: bigint; readonly written: bigint | null } | null;
}

/**
 * geth's struct logger, the tracer without a name: an entry for each operation that ran, as it was before it ran. Words have
 * the prefix that execution-apis asks for (geth has it since 2026).
 */
export class StructLogTracer implements Tracer {
  readonly frames: FrameObserver = { ...NO_OBSERVER, frameRefused: (_parent, refused) => this.#noteRefused(refused) };
  readonly steps: StepObserver = {
    beforeStep: (frame, opcode) => this.#before(frame, opcode),
    afterStep: (frame) => this.#after(frame),
  };
  readonly #options: StructLogOptions;
  readonly #entries: JsonText;
  #entryCharacters = 0;
  #count = 0;
  #pending: PendingStep | null = null;
  #refused: RefusedFrame | null = null;
  /** What each contract has read and written so far, by slot. */
  readonly #storage: Map<Address, Map<string, string>> = new Map();

  constructor(options: StructLogOptions, limitBytes: number) {
    this.#options = options;
    this.#entries = new JsonText(limitBytes);
  }

  finish({ gasUsed, failure, output }: TraceEnd, out: JsonText): void {
    const returned = failure === null || failure === 'execution reverted' ? quotedBytes(output) : '"0x"';
    out.write(`{"gas":${gasUsed},"failed":${failure !== null},"returnValue":${returned},"structLogs":[`);
    out.write(this.#entries.toString());
    out.write(']}');
  }

  #noteRefused(refused: RefusedFrame): void {
    this.#refused = refused;
  }

  #before(frame: Frame, opcode: number): void {
    this.#refused = null;
    const { limit, disableStack, enableReturnData, enableMemory } = this.#options;
    // Code without a byte does not run at all for geth, a creation's neither.
    if ((limit !== 0 && this.#entryCharacters > limit) || frame.code.bytes.length === 0) {
      this.#pending = null;
      return;
    }
    const { memory, returnData, pc, gas } = frame;
    if (enableMemory) this.#entries.reserve(memory.size * 2);
    this.#pending = {
      opcode,
      pc,
      gas,
      refund: frame.machine.world.refund,
      stack: disableStack ? '' : `,"stack":${stackText(frame)}`,
      returnData: enableReturnData && returnData.length > 0 ? `,"returnData":${quotedBytes(returnData)}` : '',
      memory: enableMemory ? `,"memory":${memoryText(memory.view(0, memory.size))}` : '',
      storageAccess: this.#options.disableStorage ? null : storageAccessOf(frame, opcode),
    };
  }

  #after(frame: Frame): void {
    const step = this.#pending;
    if (step === null) return;
    const { opcode, pc, gas, stack, returnData, memory } = step;
    const error = haltedAtOnce(frame);
    const { refund: refundAfter } = frame.machine.world;
    // geth counts an SSTORE's refund when it counts its gas.
    const refund = opcode === SSTORE && error === null ? refundAfter : step.refund;
    const entry = [
      this.#count === 0 ? '' : ',',
      `{"pc":${pc},"op":"${opcode === PREVRANDAO ? 'DIFFICULTY' : opcodeName(opcode)}","gas":${gas}`,
      `,"gasCost":${this.#cost(frame, step)},"depth":${frame.depth + 1}`,
      error === null ? '' : `,"error":${quotedText(error)}`,
      stack,
      returnData,
      memory,
      this.#storageText(frame, step),
      refund === 0 ? '' : `,"refund":${refund}`,
      '}',
    ].join('');
    this.#count++;
    this.#entryCharacters += entry.length;
    this.#entries.write(entry);
  }

  /**
   * All that the operation pays: a call's includes what the callee gets for it, a creation's does not. Of what it could not
   * pay all that it was asked for.
   */
  #cost(frame: Frame, { gas }: PendingStep): number {
    const spent = gas - frame.gas;
    const refused = this.#refused;
    if (refused !== null) {
      const isCreation = refused.kind === 'CREATE' || refused.kind === 'CREATE2';
      if (!isCreation) return spent + refused.gas;
      return refused.reason === 'contract address collision' ? spent - refused.gas : spent;
    }
    if (frame.status === 'halted' && frame.haltReason === 'out of gas') return spent + frame.unpaid;
    return frame.child?.isCreation === true ? spent - frame.child.gasAtStart : spent;
  }

  /** On top of the stack once it was read. */
  #readValue({ status, stack, account, machine }: Frame, slot: bigint): bigint {
    return status === 'running' ? stack.peek(0) : machine.world.unrecorded.storage(account.address, slot);
  }

  /** Of SLOAD and SSTORE: all that the contract has read and written so far, by slot; also where gas did not suffice. */
  #storageText(frame: Frame, { storageAccess }: PendingStep): string {
    if (storageAccess === null) return '';
    const { account } = frame;
    const { slot } = storageAccess;
    const value = storageAccess.written ?? this.#readValue(frame, slot);
    let known = this.#storage.get(account.address);
    if (known === undefined) {
      known = new Map();
      this.#storage.set(account.address, known);
    }
    known.set(quotedWord(slot), quotedWord(value));
    this.#entries.reserve(known.size * SLOT_CHARACTERS);
    const slots = [...known].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, word]) => `${key}:${word}`);
    return `,"storage":{${slots.join(',')}}`;
  }
}

function storageAccessOf({ stack }: Frame, opcode: number): PendingStep['storageAccess'] {
  if (opcode === SLOAD && stack.height >= 1) return { slot: stack.peek(0), written: null };
  return opcode === SSTORE && stack.height >= 2 ? { slot: stack.peek(0), written: stack.peek(1) } : null;
}

/** Two words of 64 digits, prefixes, quotes, colon and comma. */
const SLOT_CHARACTERS = 138;

function stackText({ stack: { words, height } }: Frame): string {
  const texts: string[] = [];
  for (let index = 0; index < height; index++) texts.push(quotedQuantity(words[index] ?? 0n));
  return `[${texts.join(',')}]`;
}

/** Words of 32 bytes. */
function memoryText(memory: Uint8Array): string {
  const digits = bytesToHex(memory).slice(2);
  const words: string[] = [];
  for (let at = 0; at < digits.length; at += 64) words.push(`"0x${digits.slice(at, at + 64)}"`);
  return `[${words.join(',')}]`;
}
