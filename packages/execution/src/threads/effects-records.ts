import { ADDRESS_BYTES, assert, HASH_BYTES } from '@heddle/primitives';
import {
  BLOOM_BYTES,
  EMPTY_BLOOM,
  type Log,
  type Receipt,
  type RecoveredTransaction,
  type UnsequencedMessage,
} from '@heddle/types';
import type { ExecutedTransaction } from '../chunk/types.ts';
import type { IndexEffects } from '../lanes/effects.ts';
import { readMessage, writeMessage } from './message-records.ts';
import type { RecordReader, RecordWriter } from './records.ts';

const EXECUTED = 1;
const DISPATCHED = 2;
const CREATED = 4;
const SUCCEEDED = 8;

/** Everything but the transaction itself, which the reader has. */
export function writeEffects(writer: RecordWriter, effects: IndexEffects): void {
  const { executed, dispatched, emitted } = effects;
  writer.u8(
    (executed === null ? 0 : EXECUTED) |
      (dispatched === null ? 0 : DISPATCHED) |
      (executed === null || executed.contractAddress === null ? 0 : CREATED) |
      (executed?.receipt.status === 1 ? SUCCEEDED : 0),
  );
  if (executed !== null) writeExecuted(writer, executed);
  writer.u32(emitted.length);
  for (const message of emitted) writeMessage(writer, message);
  writer.word(effects.gasTaken);
  writer.word(effects.burned);
  writer.word(effects.tips);
}

/** Reverses `writeEffects`; `transaction` is the one that had them. */
export function readEffects(reader: RecordReader, transaction: RecoveredTransaction): IndexEffects {
  const flags = reader.u8();
  const executed = (flags & EXECUTED) === 0 ? null : readExecuted(reader, transaction, flags);
  const emitted = readMany<UnsequencedMessage>(reader, () => readMessage(reader, transaction));
  return {
    executed,
    dispatched: (flags & DISPATCHED) === 0 ? null : transaction,
    emitted,
    gasTaken: reader.word(),
    burned: reader.word(),
    tips: reader.word(),
  };
}

function writeExecuted(writer: RecordWriter, executed: ExecutedTransaction): void {
  assert(executed.deliveredBy === null, 'workers execute transactions of their own shard only');
  const { receipt, contractAddress } = executed;
  if (contractAddress !== null) writer.hex(contractAddress);
  writer.word(executed.gasUsed);
  writer.word(executed.effectiveGasPrice);
  writer.word(receipt.cumulativeGasUsed);
  writer.u32(receipt.logs.length);
  // Without logs it is empty.
  if (receipt.logs.length > 0) writer.raw(receipt.logsBloom);
  for (const { address, topics, data } of receipt.logs) {
    writer.hex(address);
    writer.u8(topics.length);
    for (const topic of topics) writer.hex(topic);
    writer.bytes(data);
  }
}

function readExecuted(reader: RecordReader, transaction: RecoveredTransaction, flags: number): ExecutedTransaction {
  const contractAddress = (flags & CREATED) === 0 ? null : reader.hex(ADDRESS_BYTES);
  const gasUsed = reader.word();
  const effectiveGasPrice = reader.word();
  const cumulativeGasUsed = reader.word();
  const logCount = reader.u32();
  const logsBloom = logCount === 0 ? EMPTY_BLOOM : reader.raw(BLOOM_BYTES);
  const logs: Log[] = [];
  for (let i = 0; i < logCount; i++) logs.push(readLog(reader));
  const receipt: Receipt = {
    type: transaction.fields.type,
    status: (flags & SUCCEEDED) === 0 ? 0 : 1,
    cumulativeGasUsed,
    logsBloom,
    logs,
  };
  return { transaction, receipt, gasUsed, effectiveGasPrice, contractAddress, deliveredBy: null };
}

function readLog(reader: RecordReader): Log {
  const address = reader.hex(ADDRESS_BYTES);
  const topicCount = reader.u8();
  const topics: Log['topics'][number][] = [];
  for (let i = 0; i < topicCount; i++) topics.push(reader.hex(HASH_BYTES));
  return { address, topics, data: reader.bytes() };
}

/** Mostly none. */
function readMany<T>(reader: RecordReader, read: () => T): readonly T[] {
  const count = reader.u32();
  if (count === 0) return [];
  return Array.from({ length: count }, read);
}
