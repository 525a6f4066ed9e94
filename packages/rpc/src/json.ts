/** What an answer is made of. Quantities are hex strings, never numbers (JSON loses bits above 2^53). */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** JSON text that was made elsewhere (a trace, on its worker thread): an answer takes it in as it is, unparsed. */
export class RawJson {
  /** One JSON value; nobody checks that it is. */
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What came in from outside: an object whose members have not been looked at. */
export type UncheckedObject = Readonly<Record<string, unknown>>;

export function isUncheckedObject(value: unknown): value is UncheckedObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The member's own value, or undefined. Never what an object inherits ('constructor' and the like). */
export function ownMember(object: UncheckedObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
