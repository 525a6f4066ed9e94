import { decodeItem, FieldReader, type Refusal, type RlpItem, readList } from '@heddle/primitives';
import { InvalidEncodingError } from './errors.ts';

/** How all codecs here read RLP: what is wrong is an InvalidEncodingError of the subject. */
const refusal: Refusal = (subject, reason) => new InvalidEncodingError(subject, reason);

/** The item that an own copy of `bytes` encodes, so that the result stays what it is. */
export function itemIn(subject: string, bytes: Uint8Array): RlpItem {
  return decodeItem(refusal, subject, new Uint8Array(bytes));
}

export function fieldsOf(subject: string, item: RlpItem, count: number | null): FieldReader {
  return new FieldReader(refusal, subject, item, count);
}

/** The items of a list of any length. */
export function itemsOf(subject: string, item: RlpItem): readonly RlpItem[] {
  return readList(refusal, subject, item);
}

/** For lists whose length nothing but the size of the whole bounds. */
export const ANY_NUMBER: number = Number.POSITIVE_INFINITY;

/** First byte of a list: below it stands an EIP-2718 type. */
export const FIRST_LIST_BYTE = 0xc0;
