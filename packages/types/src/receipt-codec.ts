import {
  concatBytes,
  encodeRlp,
  type RlpItem,
  writeAddress,
  writeFixed,
  writeHash,
  writeIndex,
  writeU64,
} from '@heddle/primitives';
import { BLOOM_BYTES } from './constants.ts';
import { InvalidEncodingError } from './errors.ts';
import { ANY_NUMBER, FIRST_LIST_BYTE, fieldsOf, itemIn } from './fields.ts';
import { MAX_TOPICS } from './limits.ts';
import type { Log, Receipt } from './receipt.ts';

const SUBJECT = 'receipt';

/**
 * The form that `receiptsRoot` commits: rlp([status, cumulativeGasUsed, logsBloom, logs]), behind the type byte for
 * types above 0 (EIP-2718).
 */
export function encodeReceipt(receipt: Receipt): Uint8Array {
  const list = encodeRlp([
    writeIndex(receipt.status, 1),
    writeU64(receipt.cumulativeGasUsed),
    writeFixed(receipt.logsBloom, BLOOM_BYTES),
    receipt.logs.map(logItem),
  ]);
  return receipt.type === 0 ? list : concatBytes(Uint8Array.of(receipt.type), list);
}

/** Strict inverse of `encodeReceipt`. Does not compare the bloom with the logs. Throws InvalidEncodingError. */
export function decodeReceipt(bytes: Uint8Array): Receipt {
  const type = receiptType(bytes);
  const reader = fieldsOf(SUBJECT, itemIn(SUBJECT, type === 0 ? bytes : bytes.subarray(1)), 4);
  return {
    type,
    status: reader.index('status', 1) === 0 ? 0 : 1,
    cumulativeGasUsed: reader.u64('cumulativeGasUsed'),
    logsBloom: reader.fixed('logsBloom', BLOOM_BYTES),
    logs: reader.list('logs', ANY_NUMBER).map(readLog),
  };
}

function receiptType(bytes: Uint8Array): Receipt['type'] {
  const first = bytes[0];
  if (first === undefined) throw new InvalidEncodingError(SUBJECT, 'there are no bytes');
  if (first >= FIRST_LIST_BYTE) return 0;
  if (first === 1 || first === 2 || first === 3 || first === 4) return first;
  throw new InvalidEncodingError(SUBJECT, `unknown type ${first}`);
}

function logItem(log: Log): RlpItem {
  writeIndex(log.topics.length, MAX_TOPICS);
  return [writeAddress(log.address), log.topics.map(writeHash), log.data];
}

function readLog(item: RlpItem): Log {
  const reader = fieldsOf('log', item, 3);
  return {
    address: reader.address('address'),
    topics: reader.values('topics', MAX_TOPICS, (topics) => topics.hash('topic')),
    data: reader.bytes('data'),
  };
}
