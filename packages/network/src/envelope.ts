import { Packr, Unpackr } from 'msgpackr';
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

/** Largest payload of each kind, in bytes. Its keys are the kinds that are known. */
export type PayloadLimits<K extends string> = Readonly<Record<K, number>>;

const packr = new Packr({ useRecords: false, variableMapSize: true });
const unpackr = new Unpackr({ useRecords: false, mapsAsObjects: true });

/** msgpack of a map with two entries, the first key being "kind". */
const HEAD = [0x82, 0xa4, ...new TextEncoder().encode('kind')];
/** The second key, "payload". */
const SECOND_KEY = [0xa7, ...new TextEncoder().encode('payload')];
const FIXSTR = 0xa0;
const MAX_FIXSTR_LENGTH = 31;
const BIN_TOKENS = [0xc4, 0xc5, 0xc6];

/** Throws MessageTooLargeError. */
export function encodeEnvelope<K extends string>(limits: PayloadLimits<K>, kind: K, payload: Uint8Array): Uint8Array {
  const limit = limits[kind];
  if (payload.length > limit) throw new MessageTooLargeError(kind, payload.length, limit);
  return packr.pack({ kind, payload });
}

/**
 * Throws InvalidWireMessageError for everything but one of the kinds in `limits` with a payload within its limit.
 * The bytes may be anything. The payload may share memory with them.
 */
export function decodeEnvelope<K extends string>(limits: PayloadLimits<K>, bytes: Uint8Array): Envelope<K> {
  if (bytes.length > largest(limits) + MAX_ENVELOPE_OVERHEAD_BYTES) {
    throw new InvalidWireMessageError(null, `${bytes.length} bytes are more than any message has`);
  }
  if (!hasEnvelopeForm(bytes)) throw new InvalidWireMessageError(null, 'it is not a map of kind and payload');
  const { kind, payload } = unpack(bytes);
  if (!isKind(limits, kind)) throw new InvalidWireMessageError(null, 'its kind is not known here');
  if (payload.length > limits[kind]) {
    throw new InvalidWireMessageError(kind, `${payload.length} bytes are above the limit of ${limits[kind]}`);
  }
  return { kind, payload };
}

/**
 * Whether the bytes begin as a two-entry map of "kind" (a short text) and "payload" (bytes). Checked before msgpackr
 * sees them: its extensions build classes, functions and regular expressions from what they read, which no peer should
 * get to use.
 */
function hasEnvelopeForm(bytes: Uint8Array): boolean {
  if (!HEAD.every((byte, index) => bytes[index] === byte)) return false;
  const kindLength = (bytes[HEAD.length] ?? 0) - FIXSTR;
  if (kindLength < 0 || kindLength > MAX_FIXSTR_LENGTH) return false;
  const keyAt = HEAD.length + 1 + kindLength;
  if (!SECOND_KEY.every((byte, index) => bytes[keyAt + index] === byte)) return false;
  return BIN_TOKENS.includes(bytes[keyAt + SECOND_KEY.length] ?? 0);
}

function unpack(bytes: Uint8Array): { readonly kind: string; readonly payload: Uint8Array } {
  let value: unknown;
  try {
    // A view of its own: msgpackr attaches a property to what it reads.
    value = unpackr.unpack(bytes.subarray());
  } catch (error) {
    throw new InvalidWireMessageError(null, 'it is cut off or has bytes after its end', error);
  }
  if (typeof value === 'object' && value !== null && 'kind' in value && 'payload' in value) {
    const { kind, payload } = value;
    if (typeof kind === 'string' && payload instanceof Uint8Array) return { kind, payload };
  }
  throw new InvalidWireMessageError(null, 'it is not a map of kind and payload');
}

function isKind<K extends string>(limits: PayloadLimits<K>, kind: string): kind is K {
  return Object.hasOwn(limits, kind);
}

function largest(limits: PayloadLimits<string>): number {
  return Math.max(...Object.values(limits));
}
