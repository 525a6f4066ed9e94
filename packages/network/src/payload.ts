import { decodeItem, FieldReader, type Refusal, type RlpItem } from '@heddle/primitives';
import { InvalidWireMessageError } from './errors.ts';

const refusal: Refusal = (kind, reason) => new InvalidWireMessageError(kind, reason);

/** The fields of a payload that has no codec in types. Throws InvalidWireMessageError. */
export function fieldsIn(kind: string, payload: Uint8Array, count: number): FieldReader {
  return fieldsOf(kind, decodeItem(refusal, kind, payload), count);
}

export function fieldsOf(kind: string, item: RlpItem, count: number): FieldReader {
  return new FieldReader(refusal, kind, item, count);
}

/** What `decode` makes of each string in a payload that is a list of up to `maximum` strings. Throws InvalidWireMessageError. */
export function stringsIn<T>(
  kind: string,
  payload: Uint8Array,
  maximum: number,
  decode: (bytes: Uint8Array) => T,
): readonly T[] {
  const list = decodeItem(refusal, kind, payload);
  return fieldsOf(kind, [list], 1).values('items', maximum, (items) => decode(items.bytes('item')));
}

/** Runs a decoder on a payload; whatever it throws, the peer sent nonsense. */
export function decodePayload<T>(kind: string, payload: Uint8Array, decode: (payload: Uint8Array) => T): T {
  try {
    return decode(payload);
  } catch (error) {
    if (error instanceof InvalidWireMessageError) throw error;
    throw new InvalidWireMessageError(kind, error instanceof Error ? error.message : 'its payload is malformed', error);
  }
}
