import { Packr } from 'msgpackr';
import { InvalidWireMessageError, MessageTooLargeError } from './errors.ts';
import { MAX_ENVELOPE_OVERHEAD_BYTES } from './limits.ts';

/**
 * What goes over the wire: msgpack of `{kind, payload}`, the payload being the canonical RLP of what the kind names.
 * Nothing hashed or signed depends on the envelope.
 */
export interface Envelope<K extends string> {
  readonly kind: K;
  readonly payload: Uint8Array;
}

/** The kinds that are known, each with its largest payload in bytes. */
export type KnownKinds<K extends string> = Readonly<Record<K, { readonly limit: number }>>;

const packr = new Packr({ useRecords: false, variableMapSize: true });

/** msgpack of a map with two entries, the first key being "kind". */
const HEAD = [0x82, 0xa4, ...new TextEncoder().encode('kind')];
/** The second key, "payload". */
const SECOND_KEY = [0xa7, ...new TextEncoder().encode('payload')];
const textDecoder = new TextDecoder();
const FIXSTR = 0xa0;
const MAX_FIXSTR_LENGTH = 31;
/** Bytes behind a length of 1, 2 (0xc5) or 4 bytes. */
const BIN_8 = 0xc4;
const BIN_32 = 0xc6;

/** Throws MessageTooLargeError. */
export function encodeEnvelope(kind: string, payload: Uint8Array, limit: number): Uint8Array {
  if (payload.length > limit) throw new MessageTooLargeError(kind, payload.length, limit);
  return packr.pack({ kind, payload });
}

/**
 * Throws InvalidWireMessageError for everything but one of the `known` kinds with a payload within its limit.
 * The bytes may be anything. The payload may share memory with them.
 */
export function decodeEnvelope<K extends string>(known: KnownKinds<K>, bytes: Uint8Array): Envelope<K> {
  if (bytes.length > largest(known) + MAX_ENVELOPE_OVERHEAD_BYTES) {
    throw new InvalidWireMessageError(null, `${bytes.length} bytes are more than any message has`);
  }
  if (!hasEnvelopeForm(bytes)) throw new InvalidWireMessageError(null, 'it is not a map of kind and payload');
  const { kind, payload } = unpack(bytes);
  if (!isKind(known, kind)) throw new InvalidWireMessageError(null, 'its kind is not known here');
  const { limit } = known[kind];
  if (payload.length > limit) {
    throw new InvalidWireMessageError(kind, `${payload.length} bytes are above the limit of ${limit}`);
  }
  return { kind, payload };
}

/** The kind that the bytes begin with, whether or not it is known and the rest decodes; null if they begin otherwise. */
export function kindOfEnvelope(bytes: Uint8Array): string | null {
  if (!hasEnvelopeForm(bytes)) return null;
  const start = HEAD.length + 1;
  return textDecoder.decode(bytes.subarray(start, start + (bytes[HEAD.length] ?? FIXSTR) - FIXSTR));
}

/**
 * Whether the bytes begin as a two-entry map of "kind" (a short text) and "payload" (bytes). No general reader of
 * msgpack sees what a peer sent: its extensions build classes, functions and regular expressions from what they read.
 */
function hasEnvelopeForm(bytes: Uint8Array): boolean {
  if (!holdsAt(bytes, 0, HEAD)) return false;
  const kindLength = (bytes[HEAD.length] ?? 0) - FIXSTR;
  if (kindLength < 0 || kindLength > MAX_FIXSTR_LENGTH) return false;
  const keyAt = HEAD.length + 1 + kindLength;
  return holdsAt(bytes, keyAt, SECOND_KEY) && isBinToken(bytes[keyAt + SECOND_KEY.length] ?? 0);
}

function holdsAt(bytes: Uint8Array, offset: number, expected: readonly number[]): boolean {
  for (let i = 0; i < expected.length; i++) if (bytes[offset + i] !== expected[i]) return false;
  return true;
}

function isBinToken(token: number): boolean {
  return token >= BIN_8 && token <= BIN_32;
}

/** The two values of bytes that have the envelope's form: a text up to 31 long, and bytes behind their length. */
function unpack(bytes: Uint8Array): { readonly kind: string; readonly payload: Uint8Array } {
  const kindAt = HEAD.length + 1;
  const kindEnd = kindAt + (bytes[HEAD.length] ?? FIXSTR) - FIXSTR;
  const binAt = kindEnd + SECOND_KEY.length;
  const lengthBytes = 1 << ((bytes[binAt] ?? BIN_8) - BIN_8);
  const payloadAt = binAt + 1 + lengthBytes;
  let length = 0;
  for (let i = binAt + 1; i < payloadAt; i++) length = length * 256 + (bytes[i] ?? 0);
  if (payloadAt + length !== bytes.length) {
    throw new InvalidWireMessageError(null, 'it is cut off or has bytes after its end');
  }
  return { kind: String.fromCharCode(...bytes.subarray(kindAt, kindEnd)), payload: bytes.subarray(payloadAt) };
}

function isKind<K extends string>(known: KnownKinds<K>, kind: string): kind is K {
  return Object.hasOwn(known, kind);
}

function largest(known: KnownKinds<string>): number {
  return Math.max(...Object.values(known).map(({ limit }) => limit));
}
