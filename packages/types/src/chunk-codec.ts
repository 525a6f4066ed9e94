import { BLS_SIGNATURE_BYTES, encodeRlp, keccak256Hex, type RlpItem } from '@heddle/primitives';
import { accessListItem, readAccessList } from './access-list-codec.ts';
import type { Chunk, ChunkHeader } from './block.ts';
import { BLOOM_BYTES } from './constants.ts';
import { InvalidEncodingError } from './errors.ts';
import {
  decodeItem,
  FieldReader,
  writeAddress,
  writeFixed,
  writeHash,
  writeIndex,
  writeU64,
  writeU256,
} from './fields.ts';
import type { Hash } from './ids.ts';
import { MAX_SHARDS, MAX_VALIDATORS } from './limits.ts';

const HEADER = 'chunk header';
const HEADER_FIELD_COUNT = 21;

/** RLP list of the 21 fields in the order of `ChunkHeader`. */
export function encodeChunkHeader(header: ChunkHeader): Uint8Array {
  return encodeRlp(chunkHeaderItem(header));
}

/** Strict inverse of `encodeChunkHeader`. Throws InvalidEncodingError. */
export function decodeChunkHeader(bytes: Uint8Array): ChunkHeader {
  return readChunkHeader(decodeItem(HEADER, bytes));
}

/** The chunk's hash: keccak256 of the encoded header. */
export function hashChunkHeader(header: ChunkHeader): Hash {
  return keccak256Hex(encodeChunkHeader(header));
}

/** rlp([header, [transactions, accessList], signature]). */
export function encodeChunk(chunk: Chunk): Uint8Array {
  return encodeRlp([
    chunkHeaderItem(chunk.header),
    [chunk.body.transactions, accessListItem(chunk.body.accessList)],
    writeFixed(chunk.signature, BLS_SIGNATURE_BYTES),
  ]);
}

/**
 * Strict inverse of `encodeChunk`. The transactions stay bytes: whoever executes the chunk decodes them. Whether the
 * body belongs to the header is not checked here. Throws InvalidEncodingError.
 */
export function decodeChunk(bytes: Uint8Array): Chunk {
  const reader = new FieldReader('chunk', decodeItem('chunk', bytes), 3);
  const header = readChunkHeader(reader.item('header'));
  const body = new FieldReader('chunk body', reader.item('body'), 2);
  return {
    header,
    body: {
      transactions: body.list('transactions').map(readTransactionBytes),
      accessList: readAccessList(body.item('accessList')),
    },
    signature: reader.fixed('signature', BLS_SIGNATURE_BYTES),
  };
}

function readTransactionBytes(item: RlpItem): Uint8Array {
  return new FieldReader('chunk body', [item], 1).bytes('transaction');
}

export function chunkHeaderItem(header: ChunkHeader): RlpItem {
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
    writeHash(header.accessListHash),
    writeHash(header.outboxRoot),
    header.inboundCursors.map(writeU64),
    writeU64(header.queuedWeight),
    writeHash(header.placementsRoot),
    writeU64(header.coveredHeight),
    writeIndex(header.producer, MAX_VALIDATORS - 1),
  ];
}

export function readChunkHeader(item: RlpItem): ChunkHeader {
  const reader = new FieldReader(HEADER, item, HEADER_FIELD_COUNT);
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
    accessListHash: reader.hash('accessListHash'),
    outboxRoot: reader.hash('outboxRoot'),
    inboundCursors: readCursors(reader.list('inboundCursors')),
    queuedWeight: reader.u64('queuedWeight'),
    placementsRoot: reader.hash('placementsRoot'),
    coveredHeight: reader.u64('coveredHeight'),
    producer: reader.index('producer', MAX_VALIDATORS - 1),
  };
}

function readCursors(items: readonly RlpItem[]): readonly bigint[] {
  if (items.length > MAX_SHARDS) throw new InvalidEncodingError(HEADER, `it has ${items.length} inbound cursors`);
  return items.map((item) => new FieldReader(HEADER, [item], 1).u64('inbound cursor'));
}
