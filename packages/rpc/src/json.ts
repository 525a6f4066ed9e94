/** What an answer is made of. Quantities are hex strings, never numbers (JSON loses bits above 2^53). */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: JsonValue;
}

export function isJsonList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

export function isJsonObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !isJsonList(value);
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
