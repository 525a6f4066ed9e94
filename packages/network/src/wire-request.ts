import { encodeRlp, writeHash, writeU64 } from '@heddle/primitives';
import type { Hash } from '@heddle/types';
import { decodeEnvelope, encodeEnvelope } from './envelope.ts';
import { InvalidWireMessageError } from './errors.ts';
import { MAX_RANGE_BLOCKS, MAX_RANGE_HEADERS, MAX_REQUEST_BYTES } from './limits.ts';
import { decodePayload, fieldsIn } from './payload.ts';

interface Heights {
  readonly from: bigint;
  readonly to: bigint;
}

/** What a request of each kind names. */
interface RequestContents {
  readonly chunkRequest: { readonly hash: Hash };
  readonly blockRequest: { readonly hash: Hash };
  /** Final blocks of heights `from … to`, at most `MAX_RANGE_BLOCKS` of them. */
  readonly rangeRequest: Heights;
  /** Headers of the final blocks of heights `from … to`, at most `MAX_RANGE_HEADERS` of them. */
  readonly headersRequest: Heights;
  readonly poolRequest: unknown;
}

type RequestKind = keyof RequestContents;

/** What is asked of one peer. Each has its response in `wire-response.ts`. */
export type WireRequest<K extends RequestKind = RequestKind> = {
  [P in K]: { readonly kind: P } & RequestContents[P];
}[K];

/** How requests of one kind are written. */
interface RequestFormat<K extends RequestKind> {
  /** Largest payload, in bytes. */
  readonly limit: number;
  encode(contents: RequestContents[K]): Uint8Array;
  /** May throw anything. */
  decode(payload: Uint8Array): WireRequest<K>;
}

/** All there is to a kind on the wire. */
const FORMATS: { readonly [K in RequestKind]: RequestFormat<K> } = {
  chunkRequest: {
    limit: MAX_REQUEST_BYTES,
    encode: writeHashOf,
    decode: (payload) => ({ kind: 'chunkRequest', ...readHashOf('chunkRequest', payload) }),
  },
  blockRequest: {
    limit: MAX_REQUEST_BYTES,
    encode: writeHashOf,
    decode: (payload) => ({ kind: 'blockRequest', ...readHashOf('blockRequest', payload) }),
  },
  rangeRequest: {
    limit: MAX_REQUEST_BYTES,
    encode: writeHeights,
    decode: (payload) => ({ kind: 'rangeRequest', ...readHeights('rangeRequest', payload, MAX_RANGE_BLOCKS) }),
  },
  headersRequest: {
    limit: MAX_REQUEST_BYTES,
    encode: writeHeights,
    decode: (payload) => ({ kind: 'headersRequest', ...readHeights('headersRequest', payload, MAX_RANGE_HEADERS) }),
  },
  poolRequest: {
    limit: MAX_REQUEST_BYTES,
    encode: () => encodeRlp([]),
    decode: (payload) => {
      fieldsIn('poolRequest', payload, 0);
      return { kind: 'poolRequest' };
    },
  },
};

export function encodeWireRequest<K extends RequestKind>(request: WireRequest<K>): Uint8Array {
  const kind: K = request.kind;
  return encodeEnvelope(kind, FORMATS[kind].encode(request), FORMATS[kind].limit);
}

/** Throws InvalidWireMessageError, and nothing else whatever the bytes are; also for an empty or too long range. */
export function decodeWireRequest(bytes: Uint8Array): WireRequest {
  const { kind, payload } = decodeEnvelope(FORMATS, bytes);
  return decodePayload(kind, payload, (own) => FORMATS[kind].decode(own));
}

function writeHashOf({ hash }: { readonly hash: Hash }): Uint8Array {
  return encodeRlp([writeHash(hash)]);
}

function readHashOf(kind: RequestKind, payload: Uint8Array): { readonly hash: Hash } {
  return { hash: fieldsIn(kind, payload, 1).hash('hash') };
}

function writeHeights({ from, to }: Heights): Uint8Array {
  return encodeRlp([writeU64(from), writeU64(to)]);
}

function readHeights(kind: RequestKind, payload: Uint8Array, maxCount: bigint): Heights {
  const reader = fieldsIn(kind, payload, 2);
  const from = reader.u64('from');
  const to = reader.u64('to');
  if (to < from || to - from >= maxCount) {
    throw new InvalidWireMessageError(kind, `a range has 1 to ${maxCount} heights, not ${to - from + 1n}`);
  }
  return { from, to };
}
