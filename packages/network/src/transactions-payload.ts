import { encodeRlp } from '@heddle/primitives';
import { RLP_HEADER_BYTES } from './limits.ts';
import { stringsIn } from './payload.ts';

/** rlp([raw, …]): canonical encodings of transactions, each as one string. */
export function encodeTransactions(transactions: readonly Uint8Array[]): Uint8Array {
  return encodeRlp(transactions);
}

/** The transactions are not decoded: whoever pools them does. Throws InvalidWireMessageError. */
export function decodeTransactions(kind: string, payload: Uint8Array, maxCount: number): readonly Uint8Array[] {
  // Copies: a pooled transaction must not keep the whole message alive.
  return stringsIn(kind, payload, maxCount, (raw) => new Uint8Array(raw));
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
