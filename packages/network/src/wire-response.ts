import { encodeRlp, type RlpItem } from '@heddle/primitives';
import {
  type Block,
  type BlockHeader,
  type Chunk,
  decodeBlock,
  decodeBlockHeader,
  decodeCertificate,
  decodeChunk,
  encodeBlock,
  encodeBlockHeader,
  encodeChunk,
  MAX_SHARDS,
  type TupleCertificate,
} from '@heddle/types';
import { decodeEnvelope, encodeEnvelope, type KnownKinds } from './envelope.ts';
import { InvalidWireMessageError } from './errors.ts';
import {
  MAX_CHUNK_RESPONSE_BYTES,
  MAX_HEADERS_BYTES,
  MAX_POOL_RESPONSE_BYTES,
  MAX_POOL_RESPONSE_TRANSACTIONS,
  MAX_PROPOSAL_BYTES,
  MAX_RANGE_BLOCKS,
  MAX_RANGE_BYTES,
  MAX_RANGE_HEADERS,
} from './limits.ts';
import { decodePayload, fieldsIn, fieldsOf, stringsIn } from './payload.ts';
import { RangeWriter } from './range-writer.ts';
import { countFitting, decodeTransactions, encodeTransactions } from './transactions-payload.ts';

/** A final block with chunks that are new in it: all of them, or as many as fit. */
export interface RangeBlock {
  readonly block: Block;
  readonly chunks: readonly Chunk[];
}

/** Final blocks in height order, from the first that was asked for on; fewer than asked for if they did not fit. */
export interface RangeResponse {
  readonly blocks: readonly RangeBlock[];
  /** The newest finalization that the sender has; null before the first. */
  readonly bestFinalization: TupleCertificate | null;
}

type ResponseKind = 'chunkResponse' | 'blockResponse' | 'rangeResponse' | 'headersResponse' | 'poolResponse';

const KINDS: KnownKinds<ResponseKind> = {
  chunkResponse: { limit: MAX_CHUNK_RESPONSE_BYTES },
  blockResponse: { limit: MAX_PROPOSAL_BYTES },
  rangeResponse: { limit: MAX_RANGE_BYTES },
  headersResponse: { limit: MAX_HEADERS_BYTES },
  poolResponse: { limit: MAX_POOL_RESPONSE_BYTES },
};

/** Null: the peer that was asked doesn't have it. Throws MessageTooLargeError. */
export function encodeChunkResponse(chunk: Chunk | null): Uint8Array {
  return encodeResponse('chunkResponse', encodeRlp(chunk === null ? [] : [encodeChunk(chunk)]));
}

/** Checks form only: whether it is the chunk that was asked for is the caller's to check. Throws InvalidWireMessageError. */
export function decodeChunkResponse(bytes: Uint8Array): Chunk | null {
  return decodeResponse('chunkResponse', bytes, (payload) => readOptional('chunkResponse', payload, decodeChunk));
}

/** Null: the peer that was asked doesn't have it. Throws MessageTooLargeError. */
export function encodeBlockResponse(block: Block | null): Uint8Array {
  return encodeResponse('blockResponse', encodeRlp(block === null ? [] : [encodeBlock(block)]));
}

/** Checks form only: whether it is the block that was asked for is the caller's to check. Throws InvalidWireMessageError. */
export function decodeBlockResponse(bytes: Uint8Array): Block | null {
  return decodeResponse('blockResponse', bytes, (payload) => readOptional('blockResponse', payload, decodeBlock));
}

/**
 * Takes as many blocks and chunks from the front as fit `maxBytes`: at least the first block, be it without chunks.
 * Throws MessageTooLargeError if no message holds even that.
 */
export function encodeRangeResponse(range: RangeResponse, maxBytes: number = MAX_RANGE_BYTES): Uint8Array {
  const writer = new RangeWriter(maxBytes);
  for (const { block, chunks } of range.blocks) {
    if (writer.isFull || !writer.addBlock(block)) break;
    for (const chunk of chunks) if (!writer.addChunk(chunk)) break;
  }
  return finishRangeResponse(writer, range.bestFinalization);
}

/** The answer that `writer` holds. Throws MessageTooLargeError. */
export function finishRangeResponse(writer: RangeWriter, bestFinalization: TupleCertificate | null): Uint8Array {
  return encodeResponse('rangeResponse', writer.payload(bestFinalization));
}

/** Checks form only: links, hashes and certificate are the caller's to check. Throws InvalidWireMessageError. */
export function decodeRangeResponse(bytes: Uint8Array): RangeResponse {
  return decodeResponse('rangeResponse', bytes, readRange);
}

/** Headers in height order, from the first that was asked for on. Throws MessageTooLargeError. */
export function encodeHeadersResponse(headers: readonly BlockHeader[]): Uint8Array {
  return encodeResponse('headersResponse', encodeRlp(headers.map(encodeBlockHeader)));
}

/** Checks form only: whether they are linked is the caller's to check. Throws InvalidWireMessageError. */
export function decodeHeadersResponse(bytes: Uint8Array): readonly BlockHeader[] {
  return decodeResponse('headersResponse', bytes, readHeaders);
}

/** Takes as many transactions from the front as fit. */
export function encodePoolResponse(transactions: readonly Uint8Array[]): Uint8Array {
  const count = countFitting(transactions, 0, MAX_POOL_RESPONSE_TRANSACTIONS, MAX_POOL_RESPONSE_BYTES);
  return encodeResponse('poolResponse', encodeTransactions(transactions.slice(0, count)));
}

/** Canonical encodings, not decoded. Throws InvalidWireMessageError. */
export function decodePoolResponse(bytes: Uint8Array): readonly Uint8Array[] {
  return decodeResponse('poolResponse', bytes, (payload) =>
    decodeTransactions('poolResponse', payload, MAX_POOL_RESPONSE_TRANSACTIONS),
  );
}

function encodeResponse(kind: ResponseKind, payload: Uint8Array): Uint8Array {
  return encodeEnvelope(kind, payload, KINDS[kind].limit);
}

function decodeResponse<T>(expected: ResponseKind, bytes: Uint8Array, decode: (payload: Uint8Array) => T): T {
  const { kind, payload } = decodeEnvelope(KINDS, bytes);
  if (kind !== expected) throw new InvalidWireMessageError(kind, `a ${expected} was asked for`);
  return decodePayload(kind, payload, decode);
}

/** rlp([]) for nothing, rlp([bytes]) for something. */
function readOptional<T>(kind: string, payload: Uint8Array, decode: (bytes: Uint8Array) => T): T | null {
  const [found] = stringsIn(kind, payload, 1, decode);
  return found ?? null;
}

function readHeaders(payload: Uint8Array): readonly BlockHeader[] {
  return stringsIn('headersResponse', payload, Number(MAX_RANGE_HEADERS), decodeBlockHeader);
}

function readRange(payload: Uint8Array): RangeResponse {
  const reader = fieldsIn('rangeResponse', payload, 2);
  return {
    blocks: reader.list('blocks', Number(MAX_RANGE_BLOCKS)).map(readRangeBlock),
    bestFinalization: readFinalization(reader.bytes('bestFinalization')),
  };
}

function readRangeBlock(item: RlpItem): RangeBlock {
  const reader = fieldsOf('rangeResponse', item, 2);
  return {
    block: decodeBlock(reader.bytes('block')),
    chunks: reader.values('chunks', MAX_SHARDS, (chunks) => decodeChunk(chunks.bytes('chunk'))),
  };
}

function readFinalization(bytes: Uint8Array): TupleCertificate | null {
  if (bytes.length === 0) return null;
  const certificate = decodeCertificate(bytes);
  if (certificate.kind !== 'finalize') {
    throw new InvalidWireMessageError('rangeResponse', 'its certificate is no finalization');
  }
  return certificate;
}
