import { type Frame, type FrameObserver, NO_OBSERVER, type StepObserver } from '@heddle/execution';
import { bigintToBytes, bytesToHex } from '@heddle/primitives';
import type { AccessList, Address } from '@heddle/types';

const BALANCE = 0x31;
const EXTCODESIZE = 0x3b;
const EXTCODECOPY = 0x3c;
const EXTCODEHASH = 0x3f;
const SLOAD = 0x54;
const SSTORE = 0x55;
const CALL = 0xf1;
const CALLCODE = 0xf2;
const DELEGATECALL = 0xf4;
const STATICCALL = 0xfa;
const SELFDESTRUCT = 0xff;

/** Their address lies on top of the stack. */
const ACCESSES: ReadonlySet<number> = new Set([BALANCE, EXTCODESIZE, EXTCODECOPY, EXTCODEHASH, SELFDESTRUCT]);
/** Their address lies below the gas. */
const CALLS: ReadonlySet<number> = new Set([CALL, CALLCODE, DELEGATECALL, STATICCALL]);
/** geth looks at calls with so many words on the stack. */
const CALL_WORDS = 5;

const ADDRESS_MASK = (1n << 160n) - 1n;

/** Collects what code accesses, by the operations, as geth's access-list tracer does: an access that fails counts. */
export class AccessObserver implements FrameObserver, StepObserver {
  readonly frameOpened: FrameObserver['frameOpened'] = NO_OBSERVER.frameOpened;
  readonly frameClosed: FrameObserver['frameClosed'] = NO_OBSERVER.frameClosed;
  readonly frameRefused: FrameObserver['frameRefused'] = NO_OBSERVER.frameRefused;
  readonly selfDestructed: FrameObserver['selfDestructed'] = NO_OBSERVER.selfDestructed;
  readonly logged: FrameObserver['logged'] = NO_OBSERVER.logged;
  readonly #excluded: ReadonlySet<Address>;
  readonly #slots: Map<Address, Set<bigint>> = new Map();
  #size = 0;

  /** Begins with what `known` lists. Of `excluded` only slots are collected. */
  constructor(known: AccessList, excluded: ReadonlySet<Address>) {
    this.#excluded = excluded;
    for (const { address, storageKeys } of known) {
      this.#addAddress(address);
      for (const key of storageKeys) this.#addSlot(address, BigInt(key));
    }
  }

  beforeStep({ stack, account }: Frame, opcode: number): void {
    if (opcode === SLOAD || opcode === SSTORE) {
      if (stack.height > 0) this.#addSlot(account.address, stack.peek(0));
      return;
    }
    if (ACCESSES.has(opcode) && stack.height > 0) this.#addAddress(addressOf(stack.peek(0)));
    if (CALLS.has(opcode) && stack.height >= CALL_WORDS) this.#addAddress(addressOf(stack.peek(1)));
  }

  afterStep(): void {}

  /** Entries, addresses and slots. */
  get size(): number {
    return this.#size;
  }

  /** Sorted by address, then slot. */
  accessList(): AccessList {
    return [...this.#slots]
      .map(([address, slots]) => ({ address, storageKeys: [...slots].sort(ascending).map(wordHex) }))
      .sort((a, b) => (a.address < b.address ? -1 : 1));
  }

  #addAddress(address: Address): void {
    if (!this.#excluded.has(address)) this.#slotsOf(address);
  }

  #addSlot(address: Address, slot: bigint): void {
    const slots = this.#slotsOf(address);
    if (slots.has(slot)) return;
    slots.add(slot);
    this.#size++;
  }

  #slotsOf(address: Address): Set<bigint> {
    const known = this.#slots.get(address);
    if (known !== undefined) return known;
    const slots = new Set<bigint>();
    this.#slots.set(address, slots);
    this.#size++;
    return slots;
  }
}

function ascending(a: bigint, b: bigint): number {
  return a < b ? -1 : 1;
}

function wordHex(word: bigint): Address {
  return bytesToHex(bigintToBytes(word, 32));
}

function addressOf(word: bigint): Address {
  return bytesToHex(bigintToBytes(word & ADDRESS_MASK, 20));
}
