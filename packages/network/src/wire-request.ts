import type { Hash } from '@heddle/types';
import { decodeEnvelope, encodeEnvelope, type PayloadLimits } from './envelope.ts';
import { InvalidWireMessageError } from './errors.ts';
import { MAX_RANGE_BLOCKS, MAX_RANGE_HEADERS, MAX_REQUEST_BYTES } from './limits.ts';
import { decodePayload, readFields, readHash, readU64, writeHash, writeList, writeU64 } from './payload.ts';

/** What is asked of one peer. Each has its response in `wire-response.ts`. */
export type WireRequest =
  | { readonly kind: 'chunkRequest'; readonly hash: Hash }
  | { readonly kind: 'blockRequest'; readonly hash: Hash }
  /** Final blocks of heights `from … to`, at most `MAX_RANGE_BLOCKS` of them. */
  | { readonly kind: 'rangeRequest'; readonly from: bigint; readonly to: bigint }
  /** Headers of the final blocks of heights `from … to`, at most `MAX_RANGE_HEADERS` of them. */
  | { readonly kind: 'headersRequest'; readonly from: bigint; readonly to: bigint }
  | { readonly kind: 'poolRequest' };

const LIMITS: PayloadLimits<WireRequest['kind']> = {
  chunkRequest: MAX_REQUEST_BYTES,
  blockRequest: MAX_REQUEST_BYTES,
  rangeRequest: MAX_REQUEST_BYTES,
  headersRequest: MAX_REQUEST_BYTES,
  poolRequest: MAX_REQUEST_BYTES,
};

export function encodeWireRequest(request: WireRequest): Uint8Array {
  return encodeEnvelope(LIMITS, request.kind, encodePayload(request));
}

/** Throws InvalidWireMessageError, and nothing else whatever the bytes are; also for an empty or too long range. */
export function decodeWireRequest(bytes: Uint8Array): WireRequest {
  const { kind, payload } = decodeEnvelope(LIMITS, bytes);
  return decodePayload(kind, payload, () => decodeKind(kind, payload));
}

function encodePayload(request: WireRequest): Uint8Array {
  switch (request.kind) {
    case 'chunkRequest':
    case 'blockRequest':
      return writeList([writeHash(request.hash)]);
    case 'rangeRequest':
    case 'headersRequest':
      return writeList([writeU64(request.from), writeU64(request.to)]);
    case 'poolRequest':
      return writeList([]);
  }
}

function decodeKind(kind: WireRequest['kind'], payload: Uint8Array): WireRequest {
  switch (kind) {
    case 'chunkRequest':
    case 'blockRequest':
      return { kind, hash: readHash(kind, readFields(kind, payload, 1)[0]) };
    case 'rangeRequest':
      return { kind, ...readHeights(kind, payload, MAX_RANGE_BLOCKS) };
    case 'headersRequest':
      return { kind, ...readHeights(kind, payload, MAX_RANGE_HEADERS) };
    case 'poolRequest':
      readFields(kind, payload, 0);
      return { kind };
  }
}

function readHeights(kind: string, payload: Uint8Array, maxCount: bigint): { from: bigint; to: bigint } {
  const [first, last] = readFields(kind, payload, 2);
  const from = readU64(kind, first);
  const to = readU64(kind, last);
  if (to < from || to - from >= maxCount) {
    throw new InvalidWireMessageError(kind, `a range has 1 to ${maxCount} heights, not ${to - from + 1n}`);
  }
  return { from, to };
}
