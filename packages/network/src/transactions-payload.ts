import type { RlpItem } from '@heddle/primitives';
import { decodeRlp, encodeRlp } from '@heddle/primitives';
import { InvalidWireMessageError } from './errors.ts';
import { readBytes, readList } from './payload.ts';

/** rlp([raw, …]): canonical encodings of transactions, each as one string. */
export function encodeTransactions(transactions: readonly Uint8Array[]): Uint8Array {
  return encodeRlp(transactions);
}

/** The transactions are not decoded: whoever pools them does. Throws InvalidWireMessageError or InvalidRlpError. */
export function decodeTransactions(kind: string, payload: Uint8Array, maxCount: number): readonly Uint8Array[] {
  const items: readonly RlpItem[] = readList(kind, decodeRlp(payload));
  if (items.length > maxCount) {
    throw new InvalidWireMessageError(kind, `${items.length} transactions are more than ${maxCount}`);
  }
  // Copies: a pooled transaction must not keep the whole message alive.
  return items.map((item) => new Uint8Array(readBytes(kind, item)));
}

/** The longest front part that fits `maxCount` items and `maxBytes` of RLP. */
export function fittingTransactions(
  transactions: readonly Uint8Array[],
  maxCount: number,
  maxBytes: number,
): readonly Uint8Array[] {
  let bytes = LIST_HEADER_BYTES;
  let count = 0;
  for (const raw of transactions) {
    bytes += raw.length + LIST_HEADER_BYTES;
    if (bytes > maxBytes || count >= maxCount) break;
    count += 1;
  }
  return transactions.slice(0, count);
}

/** Longest RLP header of what fits a message: one byte and a length of four. */
const LIST_HEADER_BYTES = 5;
