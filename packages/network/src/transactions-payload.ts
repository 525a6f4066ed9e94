import type { RlpItem } from '@heddle/primitives';
import { decodeRlp, encodeRlp } from '@heddle/primitives';
import { InvalidWireMessageError } from './errors.ts';
import { RLP_HEADER_BYTES } from './limits.ts';
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

/** How many transactions from `start` on fit `maxCount` items and `maxBytes` of RLP. */
export function countFitting(
  transactions: readonly Uint8Array[],
  start: number,
  maxCount: number,
  maxBytes: number,
): number {
  let bytes = RLP_HEADER_BYTES;
  let end = start;
  for (; end < transactions.length && end - start < maxCount; end++) {
    bytes += (transactions[end]?.length ?? 0) + RLP_HEADER_BYTES;
    if (bytes > maxBytes) break;
  }
  return end - start;
}
