import { ADDRESS_BYTES, HASH_BYTES, ImpossibleStateError } from '@heddle/primitives';
import { MESSAGE_KINDS, type RecoveredTransaction, type UnsequencedMessage } from '@heddle/types';
import type { RecordReader, RecordWriter } from './records.ts';

/** A message that a transaction sent. A Call's transaction is that one, and the reader has it. */
export function writeMessage(writer: RecordWriter, message: UnsequencedMessage): void {
  writer.u8(MESSAGE_KINDS.indexOf(message.kind));
  writer.hex(message.id);
  writer.u32(message.destination);
  writer.hex(message.originTx);
  writer.hex(message.sender);
  writer.hex(message.target);
  writer.word(message.value);
  if (message.kind !== 'call') return;
  writer.word(message.feeTerms.baseFeePerGas);
  writer.word(message.feeTerms.effectiveGasPrice);
  writer.word(message.sourceGasUsed);
  writer.word(message.calldataFloorGas);
}

/** Reverses `writeMessage`; `transaction` is the one that sent it. */
export function readMessage(reader: RecordReader, transaction: RecoveredTransaction): UnsequencedMessage {
  const kind = MESSAGE_KINDS[reader.u8()];
  if (kind === undefined) throw new ImpossibleStateError('a record names a kind of message that there is not');
  const fields = {
    id: reader.hex(HASH_BYTES),
    destination: reader.u32(),
    originTx: reader.hex(HASH_BYTES),
    sender: reader.hex(ADDRESS_BYTES),
    target: reader.hex(ADDRESS_BYTES),
    value: reader.word(),
  };
  if (kind !== 'call') return { kind, ...fields };
  return {
    kind,
    ...fields,
    transaction,
    feeTerms: { baseFeePerGas: reader.word(), effectiveGasPrice: reader.word() },
    sourceGasUsed: reader.word(),
    calldataFloorGas: reader.word(),
  };
}
