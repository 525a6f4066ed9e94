import { ADDRESS_BYTES, assert } from '@heddle/primitives';
import type { Address, RecoveredTransaction, SignedTransaction } from '@heddle/types';
import type { DeclaredResult, LaneResult, Position } from '../lanes/results.ts';
import { readAccesses, writeAccesses } from './access-records.ts';
import { readEffects, writeEffects } from './effects-records.ts';
import type { RecordReader, RecordWriter } from './records.ts';

const HANDED_BACK = 0;
const REFUSED = 1;
const DONE = 2;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Whose transaction it is that stands at a position. */
export interface RecoveredSender {
  readonly position: Position;
  /** Null when no key made the signature. */
  readonly sender: Address | null;
}

export function writeSender(writer: RecordWriter, { position, sender }: RecoveredSender): void {
  writer.u32(position);
  writer.u8(sender === null ? HANDED_BACK : DONE);
  if (sender !== null) writer.hex(sender);
}

export function readSender(reader: RecordReader): RecoveredSender {
  const position = reader.u32();
  return { position, sender: reader.u8() === DONE ? reader.hex(ADDRESS_BYTES) : null };
}

export function writeDeclared(writer: RecordWriter, result: DeclaredResult): void {
  writer.u32(result.position);
  switch (result.kind) {
    case 'handedBack':
      writer.u8(HANDED_BACK);
      return;
    case 'refused':
      writer.u8(REFUSED);
      writer.bytes(encoder.encode(result.reason));
      return;
    case 'done':
      writer.u8(DONE);
      writer.hex(result.sender);
      writeEffects(writer, result.effects);
      return;
  }
}

/** `transactions` are those of the job. */
export function readDeclared(reader: RecordReader, transactions: readonly SignedTransaction[]): DeclaredResult {
  const position = reader.u32();
  const kind = reader.u8();
  if (kind === HANDED_BACK) return { kind: 'handedBack', position };
  if (kind === REFUSED) return { kind: 'refused', position, reason: decoder.decode(reader.bytes()) };
  const sender = reader.hex(ADDRESS_BYTES);
  const effects = readEffects(reader, recovered(transactions, position, sender));
  return { kind: 'done', position, sender, effects };
}

export function writeLane(writer: RecordWriter, result: LaneResult): void {
  writer.u32(result.position);
  if (result.kind === 'handedBack') {
    writer.u8(HANDED_BACK);
    return;
  }
  writer.u8(DONE);
  writer.hex(result.sender);
  writeEffects(writer, result.effects);
  writeAccesses(writer, result.accesses);
}

/** `transactions` are those of the job. */
export function readLane(reader: RecordReader, transactions: readonly SignedTransaction[]): LaneResult {
  const position = reader.u32();
  if (reader.u8() === HANDED_BACK) return { kind: 'handedBack', position };
  const sender = reader.hex(ADDRESS_BYTES);
  const effects = readEffects(reader, recovered(transactions, position, sender));
  return { kind: 'done', position, sender, effects, accesses: readAccesses(reader) };
}

/** The same object if the job had the sender already. */
function recovered(
  transactions: readonly (SignedTransaction | RecoveredTransaction)[],
  position: Position,
  sender: Address,
): RecoveredTransaction {
  const transaction = transactions[position];
  assert(transaction !== undefined, 'a result is of a transaction of its job');
  return 'sender' in transaction ? transaction : { ...transaction, sender };
}
