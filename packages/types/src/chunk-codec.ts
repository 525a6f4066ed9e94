import {
  BLS_SIGNATURE_BYTES,
  bytesToHex,
  EncodedRlp,
  keccak256Hex,
  keccak256OfRlp,
  type RlpItem,
  rememberedBy,
  writeAddress,
  writeFixed,
  writeHash,
  writeIndex,
  writeU64,
  writeU256,
} from '@heddle/primitives';
import { accessListItem, readAccessList } from './access-list-codec.ts';
import type { Chunk, ChunkHeader } from './block.ts';
import { BLOOM_BYTES } from './constants.ts';
import { ANY_NUMBER, fieldsOf, itemIn } from './fields.ts';
import type { Hash } from './ids.ts';
import { MAX_CHUNK_COUNT, MAX_SHARDS, MAX_VALIDATORS } from './limits.ts';

const HEADER = 'chunk header';
const HEADER_FIELD_COUNT = 25;

/** RLP list of the 25 fields in the order of `ChunkHeader`. Read only: remembered with the header. */
export function encodeChunkHeader(header: ChunkHeader): Uint8Array {
  return chunkHeaderItem(header).bytes;
}

/** Strict inverse of `encodeChunkHeader`. Throws InvalidEncodingError. */
export function decodeChunkHeader(bytes: Uint8Array): ChunkHeader {
  return readChunkHeader(itemIn(HEADER, bytes));
}

/** The chunk's hash: keccak256 of the encoded header. */
export const hashChunkHeader: (header: ChunkHeader) => Hash = rememberedBy((header) =>
  keccak256Hex(chunkHeaderItem(header).bytes),
);

/** keccak256(rlp(transactions)): `bodyRoot` of the header of a chunk with these in its body. */
export function hashBodyTransactions(transactions: readonly Uint8Array[]): Hash {
  return bytesToHex(keccak256OfRlp(transactions));
}

/** rlp([header, [transactions, accessList], signature]). Read only: remembered with the chunk. */
export function encodeChunk(chunk: Chunk): Uint8Array {
  return chunkItem(chunk).bytes;
}

/** Encoded once a chunk: it is sent, stored, and stored again when it is final. */
const chunkItem: (chunk: Chunk) => EncodedRlp = rememberedBy(
  ({ header, body, signature }) =>
    new EncodedRlp([
      chunkHeaderItem(header),
      [body.transactions, accessListItem(body.accessList)],
      writeFixed(signature, BLS_SIGNATURE_BYTES),
    ]),
);

/**
 * Strict inverse of `encodeChunk`. The transactions stay bytes: whoever executes the chunk decodes them. Whether the
 * body belongs to the header, `bodyMatchesHeader` says. Throws InvalidEncodingError.
 */
export function decodeChunk(bytes: Uint8Array): Chunk {
  const reader = fieldsOf('chunk', itemIn('chunk', bytes), 3);
  const header = readChunkHeader(reader.item('header'));
  const body = fieldsOf('chunk body', reader.item('body'), 2);
  return {
    header,
    body: {
      transactions: body.values('transactions', ANY_NUMBER, (values) => values.bytes('transaction')),
      accessList: readAccessList(body.item('accessList')),
    },
    signature: reader.fixed('signature', BLS_SIGNATURE_BYTES),
  };
}

/** Encoded once a header: it is hashed, compared, stored and sent, alone and in blocks. */
export const chunkHeaderItem: (header: ChunkHeader) => EncodedRlp = rememberedBy(
  (header) => new EncodedRlp(headerFields(header)),
);

function headerFields(header: ChunkHeader): RlpItem {
  writeIndex(header.inboundCursors.length, MAX_SHARDS);
  return [
    writeIndex(header.shard, MAX_SHARDS - 1),
    writeU64(header.height),
    writeHash(header.parentChunkHash),
    writeHash(header.parentBlockHash),
    writeHash(header.stateRoot),
    writeHash(header.transactionsRoot),
    writeHash(header.dispatchedRoot),
    writeHash(header.receiptsRoot),
    writeFixed(header.logsBloom, BLOOM_BYTES),
    writeU64(header.gasUsed),
    writeU64(header.gasLimit),
    writeU256(header.baseFeePerGas),
    writeU64(header.timestamp),
    writeAddress(header.coinbase),
    writeU256(header.tips),
    writeHash(header.accessListHash),
    writeHash(header.bodyRoot),
    writeHash(header.outboxRoot),
    header.inboundCursors.map(writeU64),
    writeU64(header.queuedWeight),
    writeIndex(header.executedCount, MAX_CHUNK_COUNT),
    writeIndex(header.logCount, MAX_CHUNK_COUNT),
    writeU64(header.receiptGas),
    writeU64(header.coveredHeight),
    writeIndex(header.producer, MAX_VALIDATORS - 1),
  ];
}

export function readChunkHeader(item: RlpItem): ChunkHeader {
  const reader = fieldsOf(HEADER, item, HEADER_FIELD_COUNT);
  return {
    shard: reader.index('shard', MAX_SHARDS - 1),
    height: reader.u64('height'),
    parentChunkHash: reader.hash('parentChunkHash'),
    parentBlockHash: reader.hash('parentBlockHash'),
    stateRoot: reader.hash('stateRoot'),
    transactionsRoot: reader.hash('transactionsRoot'),
    dispatchedRoot: reader.hash('dispatchedRoot'),
    receiptsRoot: reader.hash('receiptsRoot'),
    logsBloom: reader.fixed('logsBloom', BLOOM_BYTES),
    gasUsed: reader.u64('gasUsed'),
    gasLimit: reader.u64('gasLimit'),
    baseFeePerGas: reader.u256('baseFeePerGas'),
    timestamp: reader.u64('timestamp'),
    coinbase: reader.address('coinbase'),
    tips: reader.u256('tips'),
    accessListHash: reader.hash('accessListHash'),
    bodyRoot: reader.hash('bodyRoot'),
    outboxRoot: reader.hash('outboxRoot'),
    inboundCursors: reader.values('inboundCursors', MAX_SHARDS, (cursors) => cursors.u64('inbound cursor')),
    queuedWeight: reader.u64('queuedWeight'),
    executedCount: reader.index('executedCount', MAX_CHUNK_COUNT),
    logCount: reader.index('logCount', MAX_CHUNK_COUNT),
    receiptGas: reader.u64('receiptGas'),
    coveredHeight: reader.u64('coveredHeight'),
    producer: reader.index('producer', MAX_VALIDATORS - 1),
  };
}
