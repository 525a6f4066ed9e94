import { decodeItem, FieldReader, type Refusal, type RlpItem, readList } from '@heddle/primitives';
import { CorruptRecordError } from './errors.ts';

/** What of a record is wrong helps nobody: the checksums are good, so this program or another wrote it so. */
const refusal: Refusal = (what) => new CorruptRecordError(what);

/** The fields of a stored list; `count` null: the first one says how many there are. Throws `CorruptRecordError`. */
export function recordIn(what: string, bytes: Uint8Array, count: number | null): FieldReader {
  return fieldsOf(what, itemIn(what, bytes), count);
}

/** The items of a stored list of any length. Throws `CorruptRecordError`. */
export function recordsIn(what: string, bytes: Uint8Array): readonly RlpItem[] {
  return readList(refusal, what, itemIn(what, bytes));
}

export function fieldsOf(what: string, item: RlpItem, count: number | null): FieldReader {
  return new FieldReader(refusal, what, item, count);
}

/** An own copy: decoded strings are views, and must not depend on what the database does with its buffer. */
function itemIn(what: string, bytes: Uint8Array): RlpItem {
  return decodeItem(refusal, what, new Uint8Array(bytes));
}
