/** Forms of the records that only the store writes. Blocks, chunks, messages and receipts have theirs in types. */
import { EMPTY_BYTES, encodeRlp, encodeUint, hexToBytes, type RlpItem } from '@heddle/primitives';
import {
  type Address,
  decodeMessage,
  decodeReceipt,
  decodeTransaction,
  encodeMessage,
  encodeReceipt,
  type Hash,
  type Message,
  type RecoveredTransaction,
} from '@heddle/types';
import { CorruptRecordError } from './errors.ts';
import { RecordReader } from './record-reader.ts';
import type { MessageRecord, StoredExecution, TransactionLocation } from './types.ts';

function hexOrEmpty(hex: Hash | Address | null): Uint8Array {
  return hex === null ? EMPTY_BYTES : hexToBytes(hex);
}

/** Height + 1, so that "not yet" has a form of its own. */
function heightItem(height: bigint | null): Uint8Array {
  return encodeUint(height === null ? 0n : height + 1n);
}

function readHeight(reader: RecordReader): bigint | null {
  const value = reader.uint();
  return value === 0n ? null : value - 1n;
}

/** The sender is stored: recovering it again would cost 50 µs and more. */
function transactionItem(transaction: RecoveredTransaction): RlpItem {
  return [transaction.raw, hexToBytes(transaction.sender)];
}

function readTransaction(reader: RecordReader): RecoveredTransaction {
  const signed = decodeTransaction(reader.bytes());
  return { ...signed, sender: reader.address() };
}

/** The executed list of one chunk. */
export function encodeExecutions(executions: readonly StoredExecution[]): Uint8Array {
  return encodeRlp(
    executions.map((execution) => [
      transactionItem(execution.transaction),
      encodeReceipt(execution.receipt),
      encodeUint(execution.gasUsed),
      encodeUint(execution.effectiveGasPrice),
      hexOrEmpty(execution.contractAddress),
      hexOrEmpty(execution.deliveredBy),
    ]),
  );
}

export function decodeExecutions(bytes: Uint8Array): readonly StoredExecution[] {
  const list = RecordReader.decode('list of executions', bytes);
  return Array.from({ length: list.length }, () => {
    const reader = list.reader();
    return {
      transaction: readTransaction(reader.reader()),
      receipt: decodeReceipt(reader.bytes()),
      gasUsed: reader.uint(),
      effectiveGasPrice: reader.uint(),
      contractAddress: reader.addressOrNull(),
      deliveredBy: reader.hashOrNull(),
    };
  });
}

const EXECUTED = 1;
const DISPATCHED = 2;

export function encodeLocation(location: TransactionLocation): Uint8Array {
  const { height, shard } = location;
  if (location.kind === 'executed') {
    const { index, dispatchedIn } = location;
    return encodeRlp([EXECUTED, height, shard, index].map(encodeUint).concat(heightItem(dispatchedIn)));
  }
  return encodeRlp([...[DISPATCHED, height, shard].map(encodeUint), transactionItem(location.transaction)]);
}

export function decodeLocation(bytes: Uint8Array): TransactionLocation {
  const reader = RecordReader.decode('transaction location', bytes);
  const kind = reader.number();
  const height = reader.uint();
  const shard = reader.number();
  if (kind === EXECUTED) {
    return { kind: 'executed', height, shard, index: reader.number(), dispatchedIn: readHeight(reader) };
  }
  if (kind !== DISPATCHED) throw new CorruptRecordError('transaction location');
  return { kind: 'dispatched', height, shard, transaction: readTransaction(reader.reader()) };
}

/** A message says itself where it was emitted. */
export function encodeMessageRecord(message: Message, deliveredIn: bigint | null): Uint8Array {
  return encodeRlp([encodeMessage(message), heightItem(deliveredIn)]);
}

export function decodeMessageRecord(bytes: Uint8Array): MessageRecord {
  const reader = RecordReader.decode('message', bytes);
  const message = decodeMessage(reader.bytes());
  return { message, emittedIn: message.sourceHeight, deliveredIn: readHeight(reader) };
}

/** A single quantity. */
export function encodeQuantity(value: bigint): Uint8Array {
  return encodeRlp([encodeUint(value)]);
}

export function decodeQuantity(bytes: Uint8Array): bigint {
  return RecordReader.decode('quantity', bytes).uint();
}
