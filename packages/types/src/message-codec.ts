import {
  assert,
  encodeRlp,
  encodeUint,
  type RlpItem,
  writeAddress,
  writeHash,
  writeIndex,
  writeU64,
  writeU256,
} from '@heddle/primitives';
import { InvalidEncodingError, InvalidTransactionEncodingError } from './errors.ts';
import { fieldsOf, itemIn } from './fields.ts';
import type { Address } from './ids.ts';
import { MAX_SHARDS } from './limits.ts';
import { type CallMessage, MESSAGE_KINDS, type Message } from './message.ts';
import type { RecoveredTransaction, SignedTransaction } from './transaction.ts';
import { decodeTransaction } from './transaction-codec.ts';
import { impersonatedSender } from './transaction-fields.ts';

const SUBJECT = 'message';
/** 2 and 3 are kept for Post and Reply; 1 is free. */
const KIND_NUMBERS: Readonly<Record<Message['kind'], number>> = { call: 0, credit: 4 };
const COMMON_FIELD_COUNT = 10;
const CALL_FIELD_COUNT = COMMON_FIELD_COUNT + 5;

/**
 * rlp([kind, id, source, destination, sourceHeight, sequence, originTx, sender, target, value]); a Call adds its
 * transaction (as a string), baseFeePerGas, effectiveGasPrice, sourceGasUsed, calldataFloorGas.
 */
export function encodeMessage(message: Message): Uint8Array {
  const common = [
    encodeUint(KIND_NUMBERS[message.kind]),
    writeHash(message.id),
    writeIndex(message.source, MAX_SHARDS - 1),
    writeIndex(message.destination, MAX_SHARDS - 1),
    writeU64(message.sourceHeight),
    writeU64(message.sequence),
    writeHash(message.originTx),
    writeAddress(message.sender),
    writeAddress(message.target),
    writeU256(message.value),
  ];
  return encodeRlp(message.kind === 'call' ? [...common, ...callItems(message)] : common);
}

/**
 * Strict inverse of `encodeMessage`. The sender of a Call's transaction is the message's: the chunk that emitted it
 * has recovered it, and the outbox root vouches for it; it is not recovered again. Throws InvalidEncodingError.
 */
export function decodeMessage(bytes: Uint8Array): Message {
  const reader = fieldsOf(SUBJECT, itemIn(SUBJECT, bytes), null);
  const kind = kindOf(reader.index('kind', 255));
  reader.expectCount(kind === 'call' ? CALL_FIELD_COUNT : COMMON_FIELD_COUNT);
  const common = {
    id: reader.hash('id'),
    source: reader.index('source', MAX_SHARDS - 1),
    destination: reader.index('destination', MAX_SHARDS - 1),
    sourceHeight: reader.u64('sourceHeight'),
    sequence: reader.u64('sequence'),
    originTx: reader.hash('originTx'),
    sender: reader.address('sender'),
    target: reader.address('target'),
    value: reader.u256('value'),
  };
  switch (kind) {
    case 'credit':
      return { kind, ...common };
    case 'call':
      return {
        kind,
        ...common,
        transaction: readTransaction(reader.bytes('transaction'), common.sender),
        feeTerms: { baseFeePerGas: reader.u256('baseFeePerGas'), effectiveGasPrice: reader.u256('effectiveGasPrice') },
        sourceGasUsed: reader.u64('sourceGasUsed'),
        calldataFloorGas: reader.u64('calldataFloorGas'),
      };
  }
}

function kindOf(number: number): Message['kind'] {
  for (const kind of MESSAGE_KINDS) if (KIND_NUMBERS[kind] === number) return kind;
  throw new InvalidEncodingError(SUBJECT, `unknown kind ${number}`);
}

function callItems(message: CallMessage): RlpItem[] {
  assert(message.transaction.sender === message.sender, 'a Call is sent by the sender of its transaction');
  return [
    message.transaction.raw,
    writeU256(message.feeTerms.baseFeePerGas),
    writeU256(message.feeTerms.effectiveGasPrice),
    writeU64(message.sourceGasUsed),
    writeU64(message.calldataFloorGas),
  ];
}

/** The sender is the message's own: recovering it again would cost 50 µs and more. */
function readTransaction(raw: Uint8Array, sender: Address): RecoveredTransaction {
  const signed = decodeSigned(raw);
  const named = impersonatedSender(signed) ?? sender;
  if (named !== sender) throw new InvalidEncodingError(SUBJECT, `of ${sender}, with a transaction of ${named}`);
  return { ...signed, sender };
}

function decodeSigned(raw: Uint8Array): SignedTransaction {
  try {
    return decodeTransaction(raw);
  } catch (error) {
    if (error instanceof InvalidTransactionEncodingError) throw new InvalidEncodingError(SUBJECT, error.message);
    throw error;
  }
}
