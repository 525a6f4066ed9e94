import { InvalidRequestError } from '../errors.ts';
import { MAX_JSON_DEPTH, MAX_JSON_KEYS, MAX_JSON_VALUES } from '../limits.ts';

const QUOTE = '"'.charCodeAt(0);
const BACKSLASH = '\\'.charCodeAt(0);

/** What a character outside of strings means here. */
const OTHER = 0;
const STRING = 1;
const NEXT = 2;
const MEMBER = 3;
const OPEN = 4;
const CLOSE = 5;

/** By character code: one look-up for each character, since most are of no interest. */
const MEANING: Uint8Array = meanings({
  '"': STRING,
  ',': NEXT,
  ':': MEMBER,
  '[': OPEN,
  '{': OPEN,
  ']': CLOSE,
  '}': CLOSE,
});

function meanings(byCharacter: Readonly<Record<string, number>>): Uint8Array {
  const table = new Uint8Array(128).fill(OTHER);
  for (const [character, meaning] of Object.entries(byCharacter)) table[character.charCodeAt(0)] = meaning;
  return table;
}

/**
 * Looks at a text before it is parsed as JSON: JSON.parse is fast on long strings, but takes seconds for 5 MB of
 * brackets, and nothing can interrupt it. Linear in the text. Throws InvalidRequestError for what is nested too deep or
 * has too many values or keys; whether it is JSON at all is JSON.parse's to say.
 */
export function checkTextShape(text: string): void {
  let depth = 0;
  let values = 1;
  let keys = 0;
  for (let at = 0; at < text.length; at++) {
    const meaning = MEANING[text.charCodeAt(at)];
    if (meaning === OTHER) continue;
    if (meaning === STRING) at = endOfString(text, at);
    else if (meaning === MEMBER) keys += 1;
    else if (meaning === CLOSE) depth -= 1;
    else values += 1;
    if (meaning === OPEN) depth += 1;
    if (depth > MAX_JSON_DEPTH) throw new InvalidRequestError(`nested too deep: more than ${MAX_JSON_DEPTH} levels`);
    if (values > MAX_JSON_VALUES) throw tooMany('values', MAX_JSON_VALUES);
    if (keys > MAX_JSON_KEYS) throw tooMany('members of objects', MAX_JSON_KEYS);
  }
}

/** Where the string that begins at `start` has its closing quote, or the text its end. */
function endOfString(text: string, start: number): number {
  const quote = text.indexOf('"', start + 1);
  if (quote === -1) return text.length;
  return text.charCodeAt(quote - 1) === BACKSLASH ? endOfEscaped(text, start) : quote;
}

/** One character after the other: a text of nothing but escaped quotes would be searched anew at each. */
function endOfEscaped(text: string, start: number): number {
  let at = start + 1;
  for (; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === QUOTE) return at;
    if (character === BACKSLASH) at += 1;
  }
  return at;
}

function tooMany(what: string, limit: number): InvalidRequestError {
  return new InvalidRequestError(`too much in one message: more than ${limit} ${what}; split it into several`);
}
