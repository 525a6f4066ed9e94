import { ADDRESS_BYTES, assert, bytesToHex, hexToBytes } from '@heddle/primitives';
import {
  decodeTransaction,
  type RecoveredTransaction,
  recoverTransaction,
  type SignedTransaction,
} from '@heddle/types';
import type { Position } from '../lanes/results.ts';

/** Transactions in shared memory: each worker decodes only those that it executes. */
export interface PackedTransactions {
  readonly count: number;
  /** 32-bit ends of the encodings; a byte each, 1 where the sender is known; the senders; the encodings. */
  readonly buffer: SharedArrayBuffer;
}

export function packTransactions(
  transactions: readonly (SignedTransaction | RecoveredTransaction)[],
): PackedTransactions {
  const count = transactions.length;
  const layout = layoutOf(count);
  const bytes = transactions.reduce((sum, { raw }) => sum + raw.length, 0);
  const buffer = new SharedArrayBuffer(layout.rawAt + bytes);
  const ends = new Uint32Array(buffer, 0, count);
  const all = new Uint8Array(buffer);
  let at = layout.rawAt;
  for (const [position, transaction] of transactions.entries()) {
    all.set(transaction.raw, at);
    at += transaction.raw.length;
    ends[position] = at;
    if (!('sender' in transaction)) continue;
    all[layout.knownAt + position] = 1;
    all.set(hexToBytes(transaction.sender), layout.sendersAt + position * ADDRESS_BYTES);
  }
  return { count, buffer };
}

/** Reads packed transactions. */
export class TransactionUnpacker {
  readonly count: number;
  readonly #ends: Uint32Array;
  readonly #bytes: Uint8Array;

  constructor(packed: PackedTransactions) {
    this.count = packed.count;
    this.#ends = new Uint32Array(packed.buffer, 0, packed.count);
    this.#bytes = new Uint8Array(packed.buffer);
  }

  /** With its sender, which is recovered if it did not come along; null when no key made the signature. */
  recovered(position: Position): RecoveredTransaction | null {
    const { rawAt, knownAt, sendersAt } = layoutOf(this.count);
    const start = position === 0 ? rawAt : this.#ends[position - 1];
    const end = this.#ends[position];
    assert(start !== undefined && end !== undefined, 'a claimed position is one of the job');
    const signed = decodeTransaction(this.#bytes.subarray(start, end));
    if (this.#bytes[knownAt + position] !== 1) return recoverTransaction(signed);
    const at = sendersAt + position * ADDRESS_BYTES;
    return { ...signed, sender: bytesToHex(this.#bytes.subarray(at, at + ADDRESS_BYTES)) };
  }
}

function layoutOf(count: number): { readonly knownAt: number; readonly sendersAt: number; readonly rawAt: number } {
  const knownAt = 4 * count;
  const sendersAt = knownAt + count;
  return { knownAt, sendersAt, rawAt: sendersAt + count * ADDRESS_BYTES };
}
