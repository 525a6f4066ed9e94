/** Forms of the records that only the store writes. Blocks, chunks, messages and receipts have theirs in types. */
import { EMPTY_BYTES, encodeRlp, encodeUint, type FieldReader, hexToBytes, type RlpItem } from '@heddle/primitives';
import {
  type Address,
  type BlockAccessList,
  type DerivedRun,
  decodeAccessList,
  decodeBlockHeader,
  decodeMessage,
  decodeReceipt,
  decodeTransaction,
  encodeAccessList,
  encodeBlockHeader,
  encodeMessage,
  encodeReceipt,
  type Hash,
  MAX_SHARDS,
  type Message,
  type RecoveredTransaction,
  type Validator,
} from '@heddle/types';
import { CorruptRecordError } from './errors.ts';
import { MAX_EXECUTION_INDEX } from './limits.ts';
import { fieldsOf, recordIn, recordsIn } from './record-fields.ts';
import type { MessageRecord, StoredExecution, TransactionLocation } from './types.ts';

const EXECUTIONS = 'list of executions';
const ACCESS_LISTS = 'access lists';
const DERIVED_RUN = 'run of derived blocks';
const LOCATION = 'transaction location';
const VALIDATORS = 'list of named validators';

function hexOrEmpty(hex: Hash | Address | null): Uint8Array {
  return hex === null ? EMPTY_BYTES : hexToBytes(hex);
}

/** Height + 1, so that "not yet" has a form of its own. */
function heightItem(height: bigint | null): Uint8Array {
  return encodeUint(height === null ? 0n : height + 1n);
}

function readHeight(reader: FieldReader, field: string): bigint | null {
  const value = reader.u64(field);
  return value === 0n ? null : value - 1n;
}

/** The sender is stored: recovering it again would cost 50 µs and more. */
function transactionItem(transaction: RecoveredTransaction): RlpItem {
  return [transaction.raw, hexToBytes(transaction.sender)];
}

function readTransaction(what: string, item: RlpItem): RecoveredTransaction {
  const reader = fieldsOf(what, item, 2);
  const signed = decodeTransaction(reader.bytes('transaction'));
  return { ...signed, sender: reader.address('sender') };
}

/** Everything of a run but its blocks' hashes, and how many there are. */
export interface StoredRun extends Omit<DerivedRun, 'hashes'> {
  readonly count: bigint;
}

export function encodeDerivedRun({ first, interval, baseFees, hashes }: DerivedRun): Uint8Array {
  return encodeRlp([
    encodeBlockHeader(first),
    encodeUint(interval),
    baseFees.map(encodeUint),
    encodeUint(BigInt(hashes.length)),
  ]);
}

export function decodeDerivedRun(bytes: Uint8Array): StoredRun {
  const reader = recordIn(DERIVED_RUN, bytes, 4);
  return {
    first: decodeBlockHeader(reader.bytes('first')),
    interval: reader.u64('interval'),
    baseFees: reader.values('baseFees', Number.POSITIVE_INFINITY, (values) => values.u256('baseFee')),
    count: reader.u64('count'),
  };
}

/** The executed list of one part of a block. */
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
  return recordsIn(EXECUTIONS, bytes).map((item) => {
    const reader = fieldsOf(EXECUTIONS, item, 6);
    return {
      transaction: readTransaction(EXECUTIONS, reader.item('transaction')),
      receipt: decodeReceipt(reader.bytes('receipt')),
      gasUsed: reader.u64('gasUsed'),
      effectiveGasPrice: reader.u256('effectiveGasPrice'),
      contractAddress: reader.addressOrNull('contractAddress'),
      deliveredBy: reader.hashOrNull('deliveredBy'),
    };
  });
}

/** Each as its hash commits it. */
export function encodeAccessLists(lists: readonly BlockAccessList[]): Uint8Array {
  return encodeRlp(lists.map(encodeAccessList));
}

export function decodeAccessLists(bytes: Uint8Array): readonly BlockAccessList[] {
  return recordsIn(ACCESS_LISTS, bytes).map((item) => {
    if (item instanceof Uint8Array) return decodeAccessList(item);
    throw new CorruptRecordError(ACCESS_LISTS);
  });
}

const EXECUTED = 1;
const DISPATCHED = 2;

export function encodeLocation(location: TransactionLocation): Uint8Array {
  const { height } = location;
  if (location.kind === 'executed') {
    const { part, index, dispatchedIn } = location;
    return encodeRlp([EXECUTED, height, part, index].map(encodeUint).concat(heightItem(dispatchedIn)));
  }
  const { shard } = location;
  return encodeRlp([...[DISPATCHED, height, shard].map(encodeUint), transactionItem(location.transaction)]);
}

export function decodeLocation(bytes: Uint8Array): TransactionLocation {
  const reader = recordIn(LOCATION, bytes, null);
  const kind = reader.index('kind', DISPATCHED);
  if (kind !== EXECUTED && kind !== DISPATCHED) throw new CorruptRecordError(LOCATION);
  reader.expectCount(kind === EXECUTED ? 5 : 4);
  const height = reader.u64('height');
  if (kind === DISPATCHED) {
    const shard = reader.index('shard', MAX_SHARDS - 1);
    return { kind: 'dispatched', height, shard, transaction: readTransaction(LOCATION, reader.item('transaction')) };
  }
  // The section stands behind the last shard.
  const part = reader.index('part', MAX_SHARDS);
  const index = reader.index('index', MAX_EXECUTION_INDEX);
  return { kind: 'executed', height, part, index, dispatchedIn: readHeight(reader, 'dispatchedIn') };
}

/** A message says itself where it was emitted. */
export function encodeMessageRecord(message: Message, deliveredIn: bigint | null): Uint8Array {
  return encodeRlp([encodeMessage(message), heightItem(deliveredIn)]);
}

export function decodeMessageRecord(bytes: Uint8Array): MessageRecord {
  const reader = recordIn('message', bytes, 2);
  const message = decodeMessage(reader.bytes('message'));
  return { message, emittedIn: message.sourceHeight, deliveredIn: readHeight(reader, 'deliveredIn') };
}

/** Entries of a registry: they may be anything of the right length. */
export function encodeValidators(validators: readonly Validator[]): Uint8Array {
  return encodeRlp(validators.map(({ publicKey, proofOfPossession }) => [publicKey, proofOfPossession]));
}

export function decodeValidators(bytes: Uint8Array): readonly Validator[] {
  return recordsIn(VALIDATORS, bytes).map((item) => {
    const reader = fieldsOf(VALIDATORS, item, 2);
    return { publicKey: reader.bytes('publicKey'), proofOfPossession: reader.bytes('proofOfPossession') };
  });
}

/** A single quantity. */
export function encodeQuantity(value: bigint): Uint8Array {
  return encodeRlp([encodeUint(value)]);
}

export function decodeQuantity(bytes: Uint8Array): bigint {
  return recordIn('quantity', bytes, 1).u256('quantity');
}

/** A quantity in `0 … maximum`. */
export function decodeCount(bytes: Uint8Array, maximum: number): number {
  return recordIn('count', bytes, 1).index('count', maximum);
}
