import type { RpcError } from '../errors.ts';
import { ResponseTooLargeError } from '../errors.ts';
import type { Eventual } from '../eventual.ts';
import { isJsonList, isJsonObject, type JsonObject, type JsonValue } from '../json.ts';
import { JsonText, JsonTextBuilder } from '../json-text.ts';
import { MAX_RESPONSE_LENGTH, SHORT_ANSWER_LENGTH } from '../limits.ts';
import { createSlicer, type Slicer } from '../slices.ts';
import type { Stop } from './abort.ts';
import type { RequestId } from './request.ts';

/** What JSON.stringify writes as an escape, and all that is not ASCII. */
const ESCAPED = /[^\x20\x21\x23-\x5b\x5d-\x7e]/;

/** Shorter lists are encoded at once, a millisecond at most. */
const SLICED_LENGTH = 500;

/** Short ones are one string until they are written, others in pieces. */
export type AnswerText = string | JsonText;

/** The answer's text. What is long is encoded in slices: thousands of logs in one go would stall everyone else. */
export function encodeResult(id: RequestId, result: JsonValue | JsonText, stop: Stop): Eventual<AnswerText> {
  if (result instanceof JsonText) return answerText(id, result);
  if (typeof result === 'string') return answerText(id, encodeString(result));
  if (!hasLongList(result)) return answerText(id, JSON.stringify(result));
  return encodeLong(result, createSlicer(stop.signal)).then((text) => answerText(id, text));
}

/** Long ones are mostly hex: to look for what has to be escaped is several times quicker than to copy them. */
function encodeString(text: string): AnswerText {
  return text.length < SHORT_ANSWER_LENGTH || ESCAPED.test(text)
    ? JSON.stringify(text)
    : JsonText.ofBytes(['"', text, '"']);
}

function answerText(id: RequestId, result: AnswerText): AnswerText {
  const start = `{"jsonrpc":"2.0","id":${encodeId(id)},"result":`;
  const length = start.length + result.length + 1;
  if (length > MAX_RESPONSE_LENGTH) return encodeError(id, new ResponseTooLargeError(MAX_RESPONSE_LENGTH));
  if (typeof result === 'string' && length <= SHORT_ANSWER_LENGTH) return `${start}${result}}`;
  const whole = new JsonTextBuilder();
  whole.add(start);
  whole.add(result);
  whole.add('}');
  return whole.end();
}

/** Most ids are small numbers, which are written the same everywhere. */
function encodeId(id: RequestId): string {
  return Number.isSafeInteger(id) ? `${id}` : JSON.stringify(id);
}

/** Long lists are found where answers have them: at the top (logs, receipts), or one level below (blocks, fees). */
function hasLongList(value: JsonValue): boolean {
  return isLongList(value) || (isJsonObject(value) && Object.values(value).some(isLongList));
}

async function encodeLong(value: JsonValue, slice: Slicer): Promise<JsonText> {
  const whole = new JsonTextBuilder();
  if (isLongList(value)) await addList(whole, value, slice);
  else if (isJsonObject(value)) await addMembers(whole, value, slice);
  else whole.add(JSON.stringify(value));
  return whole.end();
}

async function addMembers(whole: JsonTextBuilder, value: JsonObject, slice: Slicer): Promise<void> {
  for (const [at, [name, member]] of Object.entries(value).entries()) {
    whole.add(`${at === 0 ? '{' : ','}${JSON.stringify(name)}:`);
    if (isLongList(member)) await addList(whole, member, slice);
    else whole.add(JSON.stringify(member));
  }
  whole.add('}');
}

/** More than one item. */
async function addList(whole: JsonTextBuilder, items: readonly JsonValue[], slice: Slicer): Promise<void> {
  for (const [at, item] of items.entries()) {
    whole.add(`${at === 0 ? '[' : ','}${JSON.stringify(item)}`);
    await slice();
  }
  whole.add(']');
}

function isLongList(value: JsonValue): value is readonly JsonValue[] {
  return isJsonList(value) && value.length > SLICED_LENGTH;
}

export function encodeError(id: RequestId, error: RpcError): string {
  return `{"jsonrpc":"2.0","id":${encodeId(id)},"error":${JSON.stringify(errorObject(error))}}`;
}

function errorObject(error: RpcError): JsonObject {
  const { rpcCode: code, message, data } = error;
  return data === null ? { code, message } : { code, message, data };
}
